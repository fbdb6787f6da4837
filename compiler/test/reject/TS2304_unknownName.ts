export function main(): void {
  log.info(`${Math}`); // error TS2304
}
