class Point {
  x: u32 = 1;
  reset(x: u32): void {
    this.x = x;
  }
}
export function main(): void {
  const point = new Point();
  point.reset(2);
  log.info(`${point.x}`);
}
