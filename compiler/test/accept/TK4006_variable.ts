class Point {
  x: u32;
}
const start = new Point();
let current: Point = start;
let other: Point | null = null;
export function main(): void {
  other = current;
  log.info(`${current.x}`);
}
