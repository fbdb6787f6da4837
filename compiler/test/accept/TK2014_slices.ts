const bytes = new FixedArray<u8, 2>();
function same(left: Slice<u8>, right: Slice<u8>): bool {
  return addressOf(left) === addressOf(right) && left.length === right.length;
}
export function main(): void {
  log.info(`${same(bytes, bytes)}`);
}
