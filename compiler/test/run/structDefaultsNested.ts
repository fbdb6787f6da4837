// Defaults inside arrays inside structs on the stack and in static storage; zeroStruct does not bring them back.

class Inner {
  weight: u16 = 7;
  flag: bool = true;
}

class Outer {
  before: u8 = 1;
  inners: FixedArray<Inner, 3>;
  optional: u32 | null;
  after: i64 = -1n;
}

const outer = new Outer();

function total(value: Outer): u32 {
  let sum: u32 = value.before;
  for (const inner of value.inners) {
    sum += inner.weight;
    if (inner.flag) sum += 100;
  }
  if (value.optional !== null) sum += 10000;
  if (value.after === -1n) sum += 1000;
  return sum;
}

export function main(): void {
  const local = new Outer();
  log.info(`${total(outer)} ${total(local)}`);
  local.inners[1].flag = false;
  local.optional = 0;
  log.info(`${total(outer)} ${total(local)}`);
  copyStruct(outer, local);
  zeroStruct(local);
  log.info(`${total(outer)} ${total(local)}`);
}
