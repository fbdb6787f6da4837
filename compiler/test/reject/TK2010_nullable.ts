function find(): u32 | null {
  return 1;
}
export function main(): void {
  find(); // error TK2010
  find() ?? 1; // error TK1001
}
