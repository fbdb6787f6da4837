const SIZE = 8;
class Buffer {
  bytes: FixedArray<u8, typeof SIZE>;
}
const buffer = new Buffer();
export function main(): void {
  log.info(`${addressOf(buffer)}`);
}
