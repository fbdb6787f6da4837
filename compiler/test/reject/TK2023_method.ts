type Reader = () => u32;
class Point {
  x: u32;
  read(): u32 {
    return this.x;
  }
}
const point = new Point();
function call(reader: Reader): u32 {
  return reader();
}
export function main(): void {
  log.info(`${call(point.read)}`); // error TK2023
}
