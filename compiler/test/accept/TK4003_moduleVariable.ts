class Point {
  x: u32;
}
const storage = new Point();
let kept: Point | null = null;
function keep(): void {
  kept = storage;
}
export function main(): void {
  keep();
  log.info(`${kept === null}`);
}
