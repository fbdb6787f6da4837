function first<T>(values: Slice<T>): T | null { // error TK2026
  return values.length === 0 ? null : values[0];
}
const optional = new FixedArray<u32 | null, 2>();
export function main(): void {
  if (first<u32 | null>(optional) === null) log.info("none");
}
