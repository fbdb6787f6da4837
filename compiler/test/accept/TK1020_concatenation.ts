function show(left: string, right: string): void {
  log.info(`${left}${right}`);
}
export function main(): void {
  show("a", "b");
}
