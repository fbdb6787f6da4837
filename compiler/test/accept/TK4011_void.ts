class Buffer {
  bytes: FixedArray<u8, 4>;
  view: Slice<u8> | null;
}
const buffer = new Buffer();
export function main(): void {
  log.info(`${addressOf(buffer)}`);
}
