// A bool is one byte, in variables, fields and arrays, and comes back from calls.

class Switches {
  first: bool;
  second: bool = true;
  count: u8;
  third: bool;
}
staticAssert(sizeOf<Switches>() === 4n && sizeOf<bool>() === 1n);

const switches = new Switches();
const flags = new FixedArray<bool, 3>();

function isEven(value: u32): bool {
  return (value & 1) === 0;
}

export function main(): void {
  log.info(`${switches.first} ${switches.second} ${switches.third}`);
  switches.first = isEven(4);
  switches.second = !switches.first;
  switches.third = isEven(3) || switches.first;
  log.info(`${switches.first} ${switches.second} ${switches.third}`);
  flags[1] = switches.first;
  let set: u32 = 0;
  for (const flag of flags) {
    if (flag) set += 1;
  }
  log.info(`${set} set`);
}
