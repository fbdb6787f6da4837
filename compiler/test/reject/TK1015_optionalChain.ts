class Point {
  x: u32;
}
function x(point: Point | null): u32 {
  return point?.x ?? 0; // error TK1015
}
export function main(): void {
  log.info(`${x(null)}`);
}
