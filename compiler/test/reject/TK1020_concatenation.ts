function join(left: string, right: string): string {
  return left + right; // error TK1020
}
export function main(): void {
  log.info(join("a", "b"));
}
