// Constant field initialisers apply to every `new`, static or on the stack, also inside other objects and arrays.

enum Mode {
  Off,
  On = 3,
}

const LIMIT: u32 = 100;

class Config {
  retries: u8 = 5;
  limit: u32 = LIMIT + 1;
  mask: u64 = 0xffff_ffff_0000_0000n;
  mode: Mode = Mode.On;
  name: string = "config";
  offset: i32 = -4;
  zero: u32;
  table: FixedArray<u16, 3> = [1, 2, 3];
}

class Owner {
  config: Config;
  mark: u8 = 1;
}

const fixed = new Config();
const owner = new Owner();
const many = new FixedArray<Config, 2>();

function show(config: Config): void {
  log.info(`${config.name} ${config.retries} ${config.limit} ${hex(config.mask)} ${config.mode} ${config.offset}`);
  log.info(`${config.zero} ${config.table[0]} ${config.table[2]}`);
}

export function main(): void {
  show(fixed);
  show(owner.config);
  show(many[1]);
  const local = new Config();
  show(local);
  log.info(`${owner.mark}`);
}
