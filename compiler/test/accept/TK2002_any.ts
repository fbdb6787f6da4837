function show<T>(value: T): void {
  log.info(`${value}`);
}
export function main(): void {
  show<u32>(1);
}
