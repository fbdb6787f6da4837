// overlay looks at memory through a class or Many; addressOf is the way back.

class Header {
  magic: u32;
  length: u16;
  flags: u16;
  base: u64;
}

@packed
class Unaligned {
  tag: u8;
  value: u32;
}

const buffer = new FixedArray<u64, 4>();
const bytes = new FixedArray<u8, 16>();

export function main(): void {
  buffer[0] = 0x0003_0010_cafe_f00dn;
  buffer[1] = 77n;
  const header = overlay<Header>(addressOf(buffer));
  log.info(`${hex(header.magic)} ${header.length} ${header.flags} ${header.base}`);
  header.base += 1n;
  log.info(`${buffer[1]} ${addressOf(header) === addressOf(buffer)}`);
  const second = overlay<Header>(addressOf(header) + sizeOf<Header>());
  second.flags = 0xffff;
  log.info(`${hex(buffer[2], 16)}`);
  for (let i: u32 = 0; i < 16; i++) bytes[i] = u8(i);
  const odd = overlay<Unaligned>(addressOf(bytes) + 2n);
  log.info(`${odd.tag} ${hex(odd.value, 8)}`);
  odd.value = 0xaabbccdd;
  log.info(`${bytes[3]} ${bytes[6]} ${bytes[7]}`);
  const view = overlay<Many<u8>>(addressOf(bytes) + 8n);
  log.info(`${view[0]} ${view[7]}`);
}
