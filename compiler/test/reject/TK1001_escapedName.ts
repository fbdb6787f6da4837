export function main(): void {
  const \u0061bc: u32 = 1; // error TK1001
  log.info(`${abc}`);
}
