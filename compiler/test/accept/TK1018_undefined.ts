function show(value: u32 | null): void {
  if (value === null) log.info("none");
}
export function main(): void {
  show(1);
}
