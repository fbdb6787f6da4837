// FNV-1a, 32 and 64 bits: published values for "", "a" and "foobar".

const OFFSET_64: u64 = 0xcbf29ce484222325n;
const PRIME_64: u64 = 0x100000001b3n;

function hash32(text: string): u32 {
  let hash: u32 = 0x811c9dc5;
  for (const byte of bytesOf(text)) hash = wrappingMul(hash ^ byte, 0x01000193);
  return hash;
}

function hash64(text: string): u64 {
  let hash = OFFSET_64;
  for (const byte of bytesOf(text)) hash = wrappingMul(hash ^ u64(byte), PRIME_64);
  return hash;
}

export function main(): void {
  log.info(`${hex(hash32(""))} ${hex(hash32("a"))} ${hex(hash32("foobar"))}`);
  log.info(`${hex(hash64(""))} ${hex(hash64("a"))} ${hex(hash64("foobar"))}`);
}
