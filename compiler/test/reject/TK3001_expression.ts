const PAGE_SIZE = 4096;
const BYTES: u16 = PAGE_SIZE * 16; // error TK3001
export function main(): void {
  log.info(`${BYTES}`);
}
