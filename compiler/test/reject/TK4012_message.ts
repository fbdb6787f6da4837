function show(message: Message): void {
  log.info(`${addressOf(message)}`); // error TK4012
}
export function main(): void {
  show("x");
}
