const bytes = new FixedArray<u8, 2>();
function same(left: Slice<u8>, right: Slice<u8>): bool {
  return left === right; // error TK2014
}
export function main(): void {
  log.info(`${same(bytes, bytes)}`);
}
