class Buffer {
  bytes: FixedArray<u8, 4>;
  nothing: void; // error TK4011
}
const buffer = new Buffer();
export function main(): void {
  log.info(`${addressOf(buffer)}`);
}
