class Point {
  x: u32;
  y: u32;
}
const point = new Point();
export function main(): void {
  const x = point.x;
  const y = point.y;
  log.info(`${x} ${y}`);
}
