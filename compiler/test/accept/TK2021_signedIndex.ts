const values = new FixedArray<u32, 4>();
function at(index: i32): u32 {
  return values[u32(index)];
}
function atByte(index: u8): u32 {
  return values[index];
}
export function main(): void {
  log.info(`${at(1)} ${atByte(2)}`);
}
