function take(value: u8): void {
  log.info(`${value}`);
}
function withDefault(value: i8 = -128): void {
  log.info(`${value}`);
}
export function main(): void {
  take(255);
  withDefault();
}
