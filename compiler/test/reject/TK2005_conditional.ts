function sign(value: i32): u32 {
  return value ? 1 : 0; // error TK2005
}
export function main(): void {
  log.info(`${sign(1)}`);
}
