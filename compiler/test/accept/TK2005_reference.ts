class Point {
  x: u32;
}
function show(point: Point | null): void {
  while (point !== null) log.info("forever");
}
export function main(): void {
  show(null);
}
