class Point {
  x: u32;
}
class Holder {
  point: Ref<Point> | null;
  values: Slice<u32>;
  keep(point: Point): void {
    this.point = point;
  }
}
const holder = new Holder();
let kept: Ref<Point> | null = null;
function keep(point: Point): void {
  const same = point;
  kept = same;
}
function passOn(point: Point, depth: u32): void {
  if (depth === 0) keep(point);
  else passOn(point, depth - 1);
}
function keepFirst(values: Slice<u32>): void {
  holder.values = subslice(values, 0, 1);
}
function same(point: Point): Point {
  return point;
}
function make(): Point {
  const point = new Point();
  return same(point); // error TK4002
}
export function main(): void {
  const point = new Point();
  const values = new FixedArray<u32, 4>();
  passOn(point, 3); // error TK4003
  holder.keep(point); // error TK4003
  keepFirst(values); // error TK4003
  kept = same(point); // error TK4003
  void make();
}
