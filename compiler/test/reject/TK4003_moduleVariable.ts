class Point {
  x: u32;
}
let kept: Point | null = null;
function keep(): void {
  const point = new Point();
  kept = point; // error TK4003
}
export function main(): void {
  keep();
  log.info(`${kept === null}`);
}
