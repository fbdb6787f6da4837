// xorshift64* values computed with Python's integers.

let state: u64 = 1n;

function next(): u64 {
  state ^= state >> 12n;
  state ^= state << 25n;
  state ^= state >> 27n;
  return wrappingMul(state, 0x2545f4914f6cdd1dn);
}

export function main(): void {
  for (let i: u32 = 0; i < 4; i++) log.info(`${next()}`);
  let sum: u64 = 0n;
  for (let i: u32 = 0; i < 1000; i++) sum = wrappingAdd(sum, next() % 1000n);
  log.info(`${sum}`);
}
