const values = new FixedArray<u32, 4>();
export function main(): void {
  values[4] = 1; // error TK3004
}
