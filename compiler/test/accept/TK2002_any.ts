function show<T>(value: T): void {
  void value;
}
export function main(): void {
  show<u32>(1);
}
