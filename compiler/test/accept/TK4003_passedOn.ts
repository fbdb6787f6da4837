class Point {
  x: u32;
  next: Ref<Point> | null;
}
const origin = new Point();
let kept: Ref<Point> | null = null;
function keepNext(point: Point): void {
  kept = point.next;
}
function nearest(points: Slice<Ref<Point>>): Point {
  return points.length === 0 ? origin : points[0];
}
function reset(point: Point, depth: u32): void {
  point.x = 0;
  if (depth > 0) reset(point, depth - 1);
}
export function main(): void {
  const point = new Point();
  reset(point, 3);
  keepNext(point);
  const points = new FixedArray<Ref<Point>, 1>();
  points[0] = origin;
  log.info(`${nearest(points).x} ${kept === null}`);
}
