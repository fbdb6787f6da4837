class Point {
  x: u32;
}
function show(point: Point): void {
  log.info(`${point.x}`);
}
export function main(): void {
  const point = new Point();
  show(point);
}
