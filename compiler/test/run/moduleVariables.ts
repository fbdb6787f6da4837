// Module-level `let` is static storage that starts with its constant value.

let counter: u32 = 3;
let wide: u64 = 0xffff_ffff_ffff_fff0n;
let flag: bool = true;
let negative: i16 = -300;

function step(): u32 {
  counter += 1;
  wide = wrappingAdd(wide, 15n);
  flag = !flag;
  negative -= 1;
  return counter;
}

export function main(): void {
  log.info(`${counter} ${wide} ${flag} ${negative}`);
  void step();
  log.info(`${step()} ${wide} ${flag} ${negative}`);
}
