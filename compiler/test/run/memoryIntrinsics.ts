// zeroMemory, fillMemory, copyMemory, peek and poke on plain storage.

const source = new FixedArray<u8, 20>();
const target = new FixedArray<u8, 20>();
const words = new FixedArray<u64, 2>();

function sum(values: Slice<u8>): u32 {
  let total: u32 = 0;
  for (const value of values) total += value;
  return total;
}

export function main(): void {
  fillMemory(addressOf(source), 3, 20n);
  log.info(`${sum(source)}`);
  zeroMemory(addressOf(source) + 1n, 17n);
  log.info(`${sum(source)} ${source[0]} ${source[17]} ${source[18]}`);
  source[5] = 200;
  copyMemory(addressOf(target) + 3n, addressOf(source), 13n);
  log.info(`${sum(target)} ${target[3]} ${target[8]}`);
  copyMemory(addressOf(target), addressOf(source), 0n);
  zeroMemory(addressOf(target), 0n);
  log.info(`${target[3]}`);
  const base = addressOf(words);
  poke64(base, 0x1122_3344_5566_7788n);
  poke32(base + 8n, 0x99aabbcc);
  poke8(base + 15n, 0xff);
  log.info(`${hex(peek8(base), 2)} ${hex(peek32(base + 4n), 8)} ${hex(peek64(base + 8n), 16)}`);
}
