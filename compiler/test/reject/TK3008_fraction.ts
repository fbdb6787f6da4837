const HALF: u32 = 0.5; // error TK3008
export function main(): void {
  const third = 1.5; // error TK3008
  log.info(`${HALF}`);
}
