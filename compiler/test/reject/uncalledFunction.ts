/** Nobody calls it, yet it is checked. */
function uncalled(flags: u32): void {
  if (flags) log.info("x"); // error TK2005
}
class Unused {
  method(value: number): void {} // error TK2001
}
export function main(): void {}
