class Word {
  value: u32;
}
export function main(): void {
  const many = overlay<Many<u32>>(0x1000n);
  const word = overlay<Word>(0x1000n);
  log.info(`${many[0]} ${word.value}`);
}
