class Point {
  x: u32;
}
const points = new FixedArray<Point, 2>();
export function main(): void {
  if (addressOf(points[0]) < addressOf(points[1])) log.info("x");
}
