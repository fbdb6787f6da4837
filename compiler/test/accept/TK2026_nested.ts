function first<T>(values: Slice<T>): T | null {
  return values.length === 0 ? null : values[0];
}
const values = new FixedArray<u32, 2>();
export function main(): void {
  if (first<u32>(values) === null) log.info("none");
}
