class Point {
  x: u32;
}
export function main(): void {
  log.info(`${addressOf(Point)}`); // error TK4012
}
