class Box<T> {
  value: T;
}
function deeper<T>(depth: u32): u32 {
  if (depth === 0) return u32(sizeOf<Box<T>>());
  return deeper<T>(depth - 1);
}
export function main(): void {
  log.info(`${deeper<u8>(3)}`);
}
