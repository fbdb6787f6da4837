function address(name: string): u64 {
  return addressOfSymbol(name); // error TK5009
}
export function main(): void {
  log.info(`${address("x")}`);
}
