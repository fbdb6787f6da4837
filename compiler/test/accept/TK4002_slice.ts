function fill(bytes: Slice<u8>): Slice<u8> {
  bytes[0] = 1;
  return subslice(bytes, 0, 1);
}
export function main(): void {
  const bytes = new FixedArray<u8, 4>();
  log.info(`${fill(bytes).length}`);
}
