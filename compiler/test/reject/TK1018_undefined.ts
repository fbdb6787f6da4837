function show(value: u32 | null): void {
  if (value === undefined) log.info("none"); // error TK1018
}
export function main(): void {
  show(1);
}
