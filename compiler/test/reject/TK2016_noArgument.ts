export function main(): void {
  const none = emptySlice(); // error TK2016
  log.info(`${none.length}`);
}
