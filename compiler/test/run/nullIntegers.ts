// T | null for integers of every width: zero is a value, null is not.

function positive8(value: i8): i8 | null {
  return value < 0 ? null : value;
}

function half(value: u64): u64 | null {
  if (value % 2n === 1n) return null;
  return value / 2n;
}

function index(text: string, byte: u8): u32 | null {
  const bytes = bytesOf(text);
  for (let i: u32 = 0; i < byteLength(text); i++) {
    if (bytes[i] === byte) return i;
  }
  return null;
}

function describe(value: u32 | null): u32 {
  if (value === null) return 1000;
  return value;
}

class Slot {
  value: u16 | null;
  wide: i64 | null;
}

const slot = new Slot();
let last: u32 | null = null;

function remember(value: u32): void {
  last = value;
}

export function main(): void {
  log.info(`${positive8(0) ?? 50} ${positive8(-128) ?? 50} ${positive8(127) ?? 50}`);
  log.info(`${half(0n) ?? 7n} ${half(9n) ?? 7n} ${half(18446744073709551614n) ?? 7n}`);
  log.info(`${describe(index("abc", 99))} ${describe(index("abc", 100))} ${describe(index("", 0))}`);
  log.info(`${slot.value === null} ${slot.wide === null} ${last === null}`);
  slot.value = 0;
  slot.wide = -1n;
  remember(0);
  log.info(`${slot.value ?? 5} ${slot.wide ?? 5n} ${last ?? 5}`);
  slot.value = null;
  log.info(`${slot.value ?? 5}`);
  const maybe = half(20n);
  if (maybe !== null) log.info(`${maybe + 1n}`);
  log.info(`${half(8n) === null} ${half(7n) === null}`);
}
