class Point {
  private x: u32;
  get value(): u32 { // error TK1007
    return this.x;
  }
}
const point = new Point();
export function main(): void {
  log.info(`${point.value}`);
}
