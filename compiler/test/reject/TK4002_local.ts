class Point {
  x: u32;
}
function make(): Point {
  const point = new Point();
  return point; // error TK4002
}
export function main(): void {
  log.info(`${make().x}`);
}
