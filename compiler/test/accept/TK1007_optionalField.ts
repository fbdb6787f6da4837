class Point {
  x: u32 | null;
}
const point = new Point();
export function main(): void {
  log.info(`${point.x ?? 1}`);
}
