class Point {
  x = 5; // error TK2011
}
const point = new Point();
export function main(): void {
  log.info(`${point.x}`);
}
