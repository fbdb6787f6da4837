class Point {
  x?: u32; // error TK1007
}
const point = new Point();
export function main(): void {
  log.info(`${addressOf(point)}`);
}
