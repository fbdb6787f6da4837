class Point {
  x: u32;
  y: u32;
}
export function main(): void {
  const point: Point = { x: 1, y: 2 }; // error TK1017
  log.info(`${point.x}`);
}
