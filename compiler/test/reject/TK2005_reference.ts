class Point {
  x: u32;
}
function show(point: Point | null): void {
  while (point) log.info("forever"); // error TK2005
}
export function main(): void {
  show(null);
}
