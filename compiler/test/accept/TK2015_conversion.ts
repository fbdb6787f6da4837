enum Kind {
  First,
}
export function main(): void {
  const word: u32 = 7;
  log.info(`${u8(word)} ${u64(word)} ${i16.wrap(word)} ${u32(Kind.First)}`);
}
