const COUNTER: u32 = 0;
function show(value: u32 = COUNTER + 1): void {
  log.info(`${value}`);
}
export function main(): void {
  show();
}
