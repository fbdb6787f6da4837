function make(): string {
  return "x";
}
export function main(): void {
  log.info(make());
}
