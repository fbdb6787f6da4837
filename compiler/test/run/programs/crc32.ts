// CRC-32 (IEEE 802.3): the published check value of "123456789" is 0xcbf43926.

const table = new FixedArray<u32, 256>();

function buildTable(): void {
  for (let i: u32 = 0; i < 256; i++) {
    let value = i;
    for (let bit: u32 = 0; bit < 8; bit++) {
      value = (value & 1) !== 0 ? (value >> 1) ^ 0xedb88320 : value >>> 1;
    }
    table[i] = value;
  }
}

function crc32(bytes: Slice<u8>): u32 {
  let crc: u32 = 0xffffffff;
  for (const byte of bytes) crc = table[(crc ^ byte) & 0xff] ^ (crc >> 8);
  return ~crc;
}

export function main(): void {
  buildTable();
  log.info(`${hex(crc32(bytesOf("123456789")))}`);
  log.info(`${hex(crc32(bytesOf("")), 8)} ${hex(crc32(bytesOf("The quick brown fox jumps over the lazy dog")))}`);
}
