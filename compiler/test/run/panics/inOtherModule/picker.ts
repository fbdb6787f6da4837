const VALUES: FixedArray<u32, 2> = [10, 20];

export function pick(index: u32): u32 {
  return VALUES[index];
}
