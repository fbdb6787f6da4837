const values = new FixedArray<u32, 4>();
export function main(): void {
  values[3] = 1;
}
