export function main(): void {
  let value: i32 = 1;
  value = -value;
  log.info(`${value}`);
}
