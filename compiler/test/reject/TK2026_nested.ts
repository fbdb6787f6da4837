function first<T>(values: Slice<T>): T | null {
  return values.length === 0 ? null : values[0];
}
const optional = new FixedArray<u32 | null, 2>();
export function main(): void {
  if (first<u32 | null>(optional) === null) log.info("none"); // error TK2026
}
