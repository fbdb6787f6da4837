class Buffer {
  bytes: FixedArray<u8, number>; // error TK2024
}
const buffer = new Buffer();
export function main(): void {
  log.info(`${addressOf(buffer)}`);
}
