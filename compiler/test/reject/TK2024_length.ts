const buffer = new FixedArray(); // error TK2024
export function main(): void {
  log.info(`${addressOf(buffer)}`);
}
