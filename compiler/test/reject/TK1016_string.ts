export function main(): void {
  const value: u32 = 1;
  const text: string = `value ${value}`; // error TK1016
  log.info(text);
}
