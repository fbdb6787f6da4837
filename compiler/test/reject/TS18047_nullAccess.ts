class Point {
  x: u32;
}
function x(point: Point | null): u32 {
  return point.x; // error TS18047
}
export function main(): void {
  log.info(`${x(null)}`);
}
