class Point {
  x: u32;
}
const points = new FixedArray<Point, 2>();
export function main(): void {
  points[0] = points[1]; // error TK2009
}
