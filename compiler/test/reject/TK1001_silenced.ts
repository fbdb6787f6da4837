export function main(): void {
  // @ts-ignore // error TK1001
  const wrong: u32 = "text";
  // @ts-expect-error // error TK1001
  log.info(`${wrong}`, 2);
}
