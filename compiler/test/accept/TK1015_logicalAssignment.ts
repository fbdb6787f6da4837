function check(): bool {
  return true;
}
export function main(): void {
  let ready: bool = check();
  ready = ready || check();
  log.info(`${ready}`);
}
