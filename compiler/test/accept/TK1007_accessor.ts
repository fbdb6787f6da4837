class Point {
  private x: u32;
  value(): u32 {
    return this.x;
  }
}
const point = new Point();
export function main(): void {
  log.info(`${point.value()}`);
}
