function find(): u32 | null {
  return 1;
}
export function main(): void {
  void find();
}
