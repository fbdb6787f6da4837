function take(value: u8): void {
  log.info(`${value}`);
}
export function main(): void {
  const word: u32 = 5;
  take(u8(word >> 24));
}
