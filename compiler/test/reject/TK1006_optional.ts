function show(value?: u32): void {} // error TK1006
export function main(): void {
  show();
}
