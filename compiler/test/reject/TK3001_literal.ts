const TOO_LARGE: u8 = 256; // error TK3001
const NEGATIVE: u32 = -1; // error TK3001
export function main(): void {
  const small: i8 = 128; // error TK3001
  log.info(`${TOO_LARGE} ${NEGATIVE} ${small}`);
}
