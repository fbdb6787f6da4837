class Point {
  x: u32;
}
class Line {
  from: Point;
}
const line = new Line();
const point = new Point();
export function main(): void {
  line.from = point; // error TK2009
}
