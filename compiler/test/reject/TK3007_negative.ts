enum Level {
  Low = -1, // error TK3007
  High = 1,
}
export function main(): void {
  log.info(`${Level.High}`);
}
