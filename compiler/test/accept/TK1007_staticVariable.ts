let count: u32 = 0;
class Counter {
  static readonly LIMIT: u32 = 5;
}
export function main(): void {
  count = Counter.LIMIT;
}
