function show(message: Message): void {
  log.info(message);
}
export function main(): void {
  const value: u32 = 1;
  const text = "no parts";
  show(text);
  show(`no parts either`);
  show(`value ${value}`);
}
