export function main(): void {
  void /a+/; // error TK1001
}
