enum Level {
  Low = 0,
  High = 0xffffffff,
}
export function main(): void {
  log.info(`${Level.High}`);
}
