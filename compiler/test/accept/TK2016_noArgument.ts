export function main(): void {
  const none = emptySlice<u32>();
  log.info(`${none.length}`);
}
