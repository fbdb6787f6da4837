class Point {
  x: u32;
}
const storage = new Point();
function make(): Point {
  const point = storage;
  return point;
}
function fill(point: Point): Point {
  point.x = 1;
  return point;
}
export function main(): void {
  const point = new Point();
  log.info(`${make().x} ${fill(point).x}`);
}
