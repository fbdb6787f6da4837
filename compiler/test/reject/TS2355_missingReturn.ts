function value(): u32 { // error TS2355
}
export function main(): void {
  log.info(`${value()}`);
}
