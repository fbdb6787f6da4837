// Parsing and printing numbers by hand, with all the ways to fail as null.

const digits = new FixedArray<u8, 20>();

function parse(text: string): u64 | null {
  if (byteLength(text) === 0) return null;
  let value: u64 = 0n;
  for (const byte of bytesOf(text)) {
    if (byte < 48 || byte > 57) return null;
    const digit = u64(byte - 48);
    if (value > (u64.MAX - digit) / 10n) return null;
    value = value * 10n + digit;
  }
  return value;
}

function print(value: u64): string {
  let at: u32 = 20;
  let rest = value;
  do {
    at -= 1;
    digits[at] = u8(rest % 10n) + 48;
    rest /= 10n;
  } while (rest > 0n);
  return stringOver(subslice(digits, at, 20));
}

function roundTrip(text: string): void {
  const value = parse(text);
  if (value === null) {
    log.info(`[${text}] is not a number`);
    return;
  }
  log.info(`${print(value)} ${value}`);
}

export function main(): void {
  roundTrip("0");
  roundTrip("18446744073709551615");
  roundTrip("18446744073709551616");
  roundTrip("");
  roundTrip("12a");
  roundTrip("000123");
}
