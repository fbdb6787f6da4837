class Box<T> {
  value: T;
}
function deeper<T>(depth: u32): u32 {
  if (depth === 0) return 0;
  return deeper<Box<T>>(depth - 1); // error TK2017
}
export function main(): void {
  log.info(`${deeper<u8>(3)}`);
}
