// T | null for enums, bools, newtypes, strings, slices and function references.

type Handle = u64 & Newtype<"Handle">;
type Action = (value: u32) => u32;

enum Kind {
  First,
  Second,
}

const DATA: FixedArray<u8, 3> = [4, 5, 6];

function kind(value: u32): Kind | null {
  switch (value) {
    case 0:
      return Kind.First;
    case 1:
      return Kind.Second;
    default:
      return null;
  }
}

function answer(value: u32): bool | null {
  return value === 0 ? false : value === 1 ? true : null;
}

function handle(value: u64): Handle | null {
  return value > 10n ? null : (value as Handle);
}

function name(value: u32): string | null {
  if (value > 0) return null;
  return "zero";
}

function part(length: u32): Slice<u8> | null {
  if (length > 3) return null;
  return subslice(DATA, 0, length);
}

function increment(value: u32): u32 {
  return value + 1;
}

function action(value: bool): Action | null {
  return value ? increment : null;
}

export function main(): void {
  log.info(`${kind(0) ?? Kind.Second} ${kind(1) ?? Kind.First} ${kind(2) === null}`);
  log.info(`${answer(0) ?? true} ${answer(1) ?? false} ${answer(2) ?? true}`);
  log.info(`${handle(0n) === null} ${handle(11n) === null} ${handle(5n) ?? handle(6n) ?? (7n as Handle)}`);
  log.info(`${name(0) ?? "none"} ${name(1) ?? "none"}`);
  const slice = part(2);
  if (slice !== null) log.info(`${slice.length} ${slice[1]}`);
  log.info(`${part(4) === null} ${part(0) === null}`);
  const some = action(true);
  if (some !== null) log.info(`${some(41)}`);
  log.info(`${action(false) === null}`);
}
