class Point {
  x: u32;
}
function show(point: Point): void {
  log.info(`${point.x}`);
}
export function main(): void {
  show(new Point()); // error TK4009
}
