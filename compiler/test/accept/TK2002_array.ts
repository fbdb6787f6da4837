function sum(values: Slice<u32>): u32 {
  return u32(values.length);
}
export function main(): void {
  log.info(`${sum(emptySlice<u32>())}`);
}
