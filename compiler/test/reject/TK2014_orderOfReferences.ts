class Point {
  x: u32;
}
const points = new FixedArray<Point, 2>();
export function main(): void {
  if (points[0] < points[1]) log.info("x"); // error TK2014
}
