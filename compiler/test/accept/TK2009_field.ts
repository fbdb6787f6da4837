class Point {
  x: u32;
}
class Line {
  from: Ref<Point> | null;
}
const line = new Line();
const point = new Point();
export function main(): void {
  line.from = point;
}
