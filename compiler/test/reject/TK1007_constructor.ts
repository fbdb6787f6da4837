class Point {
  x: u32;
  constructor() { // error TK1007
    this.x = 1;
  }
}
export function main(): void {
  const point = new Point();
  log.info(`${point.x}`);
}
