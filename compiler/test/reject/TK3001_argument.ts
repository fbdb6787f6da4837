function take(value: u8): void {
  log.info(`${value}`);
}
function withDefault(value: i8 = 200): void { // error TK3001
  log.info(`${value}`);
}
export function main(): void {
  take(256); // error TK3001
  withDefault();
}
