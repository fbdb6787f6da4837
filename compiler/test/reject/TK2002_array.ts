function sum(values: u32[]): u32 { // error TK2002
  return 0;
}
export function main(): void {}
