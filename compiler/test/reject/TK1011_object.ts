class Point {
  x: u32;
  y: u32;
}
const point = new Point();
export function main(): void {
  const { x, y } = point; // error TK1011
  log.info(`${x} ${y}`);
}
