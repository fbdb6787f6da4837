export function main(): void {
  const value = overlay<u32>(0x1000n); // error TK4010
  log.info(`${value}`);
}
