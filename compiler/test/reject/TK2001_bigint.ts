class Range {
  start: bigint; // error TK2001
}
const range = new Range();
export function main(): void {
  log.info(`${addressOf(range)}`);
}
