const values = new FixedArray<u32, 4>();
export function main(): void {
  let i: u32 = 0;
  values[++i] = 1; // error TK1004
}
