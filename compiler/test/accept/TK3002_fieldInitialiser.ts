const START: u32 = 1;
class Point {
  x: u32 = START;
}
const point = new Point();
export function main(): void {
  log.info(`${point.x}`);
}
