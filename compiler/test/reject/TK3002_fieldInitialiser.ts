let start: u32 = 1;
class Point {
  x: u32 = start; // error TK3002
}
const point = new Point();
export function main(): void {
  start = 2;
  log.info(`${point.x}`);
}
