function address(): u64 {
  return addressOfSymbol("kernel_end");
}
export function main(): void {
  log.info(`${address()}`);
}
