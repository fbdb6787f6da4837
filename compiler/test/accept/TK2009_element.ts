class Point {
  x: u32;
}
const points = new FixedArray<Point, 2>();
export function main(): void {
  copyStruct(points[0], points[1]);
}
