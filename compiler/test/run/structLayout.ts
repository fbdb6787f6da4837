// Fields lie as in C: at multiples of their alignment, the whole padded to the largest.

class Mixed {
  a: u8;
  b: u32;
  c: u8;
  d: u64;
  e: u16;
  private f: bool;
}
staticAssert(offsetOf<Mixed>("a") === 0n);
staticAssert(offsetOf<Mixed>("b") === 4n);
staticAssert(offsetOf<Mixed>("c") === 8n);
staticAssert(offsetOf<Mixed>("d") === 16n);
staticAssert(offsetOf<Mixed>("e") === 24n);
staticAssert(offsetOf<Mixed>("f") === 26n);
staticAssert(sizeOf<Mixed>() === 32n && alignOf<Mixed>() === 8n);

class Tight {
  a: u8;
  b: u8;
  c: u16;
}
staticAssert(sizeOf<Tight>() === 4n && alignOf<Tight>() === 2n, "no padding is needed");

class Holder {
  mark: u8;
  inline: Mixed;
  pointer: Ref<Mixed> | null;
  list: FixedArray<Tight, 3>;
  text: string;
}
staticAssert(offsetOf<Holder>("inline") === 8n);
staticAssert(offsetOf<Holder>("pointer") === 40n);
staticAssert(offsetOf<Holder>("list") === 48n);

const mixed = new Mixed();

export function main(): void {
  mixed.b = 0x11223344;
  mixed.d = 0x0102_0304_0506_0708n;
  const bytes = overlay<Many<u8>>(addressOf(mixed));
  log.info(`${hex(bytes[4], 2)} ${hex(bytes[7], 2)} ${hex(bytes[16], 2)} ${hex(bytes[23], 2)}`);
  log.info(`${sizeOf<Mixed>()} ${sizeOf<FixedArray<Mixed, 3>>()} ${offsetOf<Mixed>("d")} ${alignOf<u64>()}`);
  log.info(`${sizeOf<u8>()} ${sizeOf<u16>()} ${sizeOf<i32>()} ${sizeOf<usize>()} ${sizeOf<bool>()}`);
}
