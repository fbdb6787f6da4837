let counter: u32 = 0;
function show(value: u32 = counter): void { // error TK3002
  log.info(`${value}`);
}
export function main(): void {
  counter += 1;
  show();
}
