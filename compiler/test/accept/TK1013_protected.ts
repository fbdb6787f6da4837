class Point {
  private x: u32;
  readonly y: u32;
  public z: u32;
  read(): u32 {
    return this.x + this.y + this.z;
  }
}
const point = new Point();
export function main(): void {
  log.info(`${point.read()}`);
}
