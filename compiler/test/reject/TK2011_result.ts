function one() { // error TK2011
  return 1;
}
export function main(): void {
  log.info(`${one()}`);
}
