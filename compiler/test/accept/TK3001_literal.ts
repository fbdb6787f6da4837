const LARGEST: u8 = 255;
const NEGATIVE: i32 = -1;
export function main(): void {
  const small: i8 = -128;
  log.info(`${LARGEST} ${NEGATIVE} ${small}`);
}
