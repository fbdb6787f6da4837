function show(value: u32 | null): void {
  log.info(`${value ?? 0}`);
}
export function main(): void {
  show(null);
}
