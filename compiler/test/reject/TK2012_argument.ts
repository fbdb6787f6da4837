function take(value: u8): void {
  log.info(`${value}`);
}
export function main(): void {
  let word: u32 = 5;
  word += 1;
  take(word >> 24); // error TK2012
}
