export function main(): void {
  const value: u32 = 1;
  void value; // error TK1015
}
