// `??` evaluates its right side only for null, and chains.

let calls: u32 = 0;

function maybe(value: u32): u32 | null {
  if (value === 0) return null;
  return value;
}

function fallback(value: u32): u32 {
  calls += 1;
  return value;
}

class Box {
  value: u32 = 3;
}

const spare = new Box();
const main_ = new Box();

function box(exists: bool): Box | null {
  return exists ? main_ : null;
}

export function main(): void {
  log.info(`${maybe(4) ?? fallback(5)} ${calls}`);
  log.info(`${maybe(0) ?? fallback(5)} ${calls}`);
  log.info(`${maybe(0) ?? maybe(0) ?? fallback(6)} ${calls}`);
  log.info(`${maybe(0) ?? maybe(7) ?? fallback(6)} ${calls}`);
  main_.value = 8;
  log.info(`${(box(true) ?? spare).value} ${(box(false) ?? spare).value}`);
  const wide: u32 = maybe(0) ?? 12;
  log.info(`${wide + 1}`);
  log.info(`${maybe(2) ?? panic("not reached")}`);
}
