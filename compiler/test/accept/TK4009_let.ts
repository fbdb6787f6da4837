class Point {
  x: u32;
}
const other = new Point();
export function main(): void {
  const own = new Point();
  let point: Point = own;
  point = other;
  log.info(`${point.x}`);
}
