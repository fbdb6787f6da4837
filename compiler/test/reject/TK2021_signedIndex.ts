const values = new FixedArray<u32, 4>();
function at(index: i32): u32 {
  return values[index]; // error TK2021
}
export function main(): void {
  log.info(`${at(1)}`);
}
