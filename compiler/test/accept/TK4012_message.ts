class Point {
  x: u32;
}
const point = new Point();
const bytes = new FixedArray<u8, 4>();
export function main(): void {
  log.info(`${addressOf(point)} ${addressOf(bytes)} ${addressOf(main)} ${addressOf("text")}`);
}
