function show(value: u32 | null = null): void {
  log.info(`${value ?? 0}`);
}
export function main(): void {
  show();
  show(1);
}
