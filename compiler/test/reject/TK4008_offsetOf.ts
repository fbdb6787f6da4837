class Point {
  x: u32;
}
staticAssert(offsetOf<Point>("y") === 0n); // error TK4008
export function main(): void {}
