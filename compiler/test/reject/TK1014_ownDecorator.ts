function sealed(target: Function): void {}

@sealed // error TK1014
class Point {
  x: u32;
}
const point = new Point();
export function main(): void {
  log.info(`${point.x}`);
}
