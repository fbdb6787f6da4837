// Every kind of part that a message can hold.

type Address = u64 & Newtype<"Address">;
type Small = u32 & Newtype<"Small">;

enum State {
  Idle,
  Running,
}

class Holder {
  state: State = State.Running;
}

const holder = new Holder();

export function main(): void {
  const byte: u8 = 255;
  const negative: i8 = -128;
  const name = "name";
  log.info(`${byte} ${negative} ${i16.MIN} ${i32.MIN} ${i64.MIN} ${u16.MAX} ${u32.MAX} ${u64.MAX}`);
  log.info(`${0x1000n as Address} ${u64.MAX as Address} ${7 as Small} ${hex(7 as Small, 4)}`);
  log.info(`${hex(0)} ${hex(0, 4)} ${hex(0xabcdef)} ${hex(0xabcdefn, 2)} ${hex(u64.MAX, 16)} ${hex(byte, 8)}`);
  log.info(`${hex(negative)} ${hex(-1n as i64)}`);
  log.info(`[${alignRight(7, 4)}] [${alignLeft(7, 4)}] [${alignRight(-7, 4)}] [${alignRight(12345, 4)}]`);
  log.info(`[${alignRight(name, 6)}] [${alignLeft(name, 6)}] [${alignLeft(name, 2)}]`);
  log.info(`[${alignRight(true, 6)}] [${alignLeft(false, 6)}]`);
  log.info(`[${alignRight(char(65), 3)}] ${char(0x7a)}${char(byte - 222)}`);
  log.info(`[${alignRight(holder.state, 9)}] ${State.Idle} ${true} ${false} ${name}${name}`);
  log.info(`[${alignLeft(u64.MAX, 22)}]`);
  log.info(``);
  log.info("");
  log.info(`${1}${2}`);
  log.info(`only text with 100 % and \\n`);
}
