class Point {
  x: u32;
}
let current: Point; // error TK4006
export function main(): void {
  log.info(`${current.x}`);
}
