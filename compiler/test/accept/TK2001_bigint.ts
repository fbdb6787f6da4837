class Range {
  start: u64;
  size: usize;
  offset: i64;
}
const range = new Range();
export function main(): void {
  log.info(`${range.start + range.size} ${range.offset}`);
}
