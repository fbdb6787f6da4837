function next(value: u8): u8 {
  return value + 256; // error TK3001
}
export function main(): void {
  if (next(1) === 300) log.info("never"); // error TK3001
  log.info(`${u16(70000)}`); // error TK3001
}
