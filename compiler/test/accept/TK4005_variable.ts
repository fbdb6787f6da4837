function pass(message: Message): void {
  log.info(message);
}
export function main(): void {
  pass("x");
}
