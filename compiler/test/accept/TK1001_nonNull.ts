class Point {
  x: u32;
}
function x(point: Point | null): u32 {
  assert(point !== null);
  return point.x;
}
export function main(): void {
  log.info(`${x(null)}`);
}
