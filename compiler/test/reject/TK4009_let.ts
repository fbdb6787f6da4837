class Point {
  x: u32;
}
export function main(): void {
  let point = new Point(); // error TK4009
  log.info(`${point.x}`);
}
