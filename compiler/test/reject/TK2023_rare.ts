function first<T>(items: Slice<T>): u32 {
  return items.length;
}
calledRarely(first); // error TK2023
export function main(): void {}
