function narrow(value: u32): u8 {
  return value; // error TS2322
}
export function main(): void {
  log.info(`${narrow(1)}`);
}
