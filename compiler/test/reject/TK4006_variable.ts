class Point {
  x: u32;
}
const start = new Point();
let current: Point; // error TK4006
export function main(): void {
  current = start;
  log.info(`${current.x}`);
}
