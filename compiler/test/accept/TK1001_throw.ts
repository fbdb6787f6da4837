export function main(): void {
  panic("no");
}
