class Point {
  x: u32 = 5;
}
const point = new Point();
export function main(): void {
  log.info(`${point.x}`);
}
