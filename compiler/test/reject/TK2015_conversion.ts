export function main(): void {
  log.info(`${u32(panic("no number"))}`); // error TK2015
}
