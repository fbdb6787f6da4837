class Point {
  x: u32;
  y: u32;
}
const START: Point = { x: 1, y: 2 };
export function main(): void {
  const point = new Point();
  point.x = 1;
  point.y = START.y;
  log.info(`${point.x}`);
}
