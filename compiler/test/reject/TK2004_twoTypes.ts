function show(value: u32 | bool): void {} // error TK2004
export function main(): void {
  show(true);
}
