class Point {
  protected x: u32; // error TK1013
  read(): u32 {
    return this.x;
  }
}
const point = new Point();
export function main(): void {
  log.info(`${point.read()}`);
}
