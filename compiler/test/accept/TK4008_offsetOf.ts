class Point {
  x: u32;
  y: u32;
}
staticAssert(offsetOf<Point>("y") === 4n);
export function main(): void {}
