// Parameters of every kind in one function, a Message among them.

function f(a: u32, b: u64, c: u8, d: bool, e: string, g: Slice<u8>, h: u32 | null, i: Message): u32 {
  log.info(i);
  return a + u32(b) + c + (d ? 1 : 0) + byteLength(e) + u32(g.length) + (h ?? 0);
}
const x = new FixedArray<u8, 2>();
export function main(): void {
  log.info(`${f(1, 2n, 3, true, "abcd", x, null, `m ${5}`)}`);
}
