class Point {
  x: u32;
}
const point = new Point();
export function main(): void {
  for (const name in point) { // error TK1001
    log.info("field");
  }
}
