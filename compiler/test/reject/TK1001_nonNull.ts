class Point {
  x: u32;
}
function x(point: Point | null): u32 {
  return point!.x; // error TK1001
}
export function main(): void {
  log.info(`${x(null)}`);
}
