class Point {
  x: u32;
}
const point = new Point();
function show({ x }: Point): void { // error TK1011
  log.info(`${x}`);
}
export function main(): void {
  show(point);
}
