function value(): u32 {
  return 1;
}
export function main(): void {
  void value();
}
