class Point {
  x: u32;
}
function x(point: Point | null): u32 {
  return point === null ? 0 : point.x;
}
export function main(): void {
  log.info(`${x(null)}`);
}
