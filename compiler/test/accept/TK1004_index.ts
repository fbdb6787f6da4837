const values = new FixedArray<u32, 4>();
export function main(): void {
  let i: u32 = 0;
  i++;
  values[i]++;
}
