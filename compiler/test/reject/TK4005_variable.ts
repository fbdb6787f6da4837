function keep(message: Message): void {
  const kept: Message = message; // error TK4005
  log.info(kept);
}
export function main(): void {
  keep("x");
}
