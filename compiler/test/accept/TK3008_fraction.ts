const MILLION: u32 = 1e6;
const HALF: u32 = 1 / 2;
export function main(): void {
  log.info(`${MILLION} ${HALF}`);
}
