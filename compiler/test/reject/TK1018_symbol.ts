export function main(): void {
  void Symbol.iterator; // error TK1018
}
