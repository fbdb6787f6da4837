export function main(): void {
  throw "no"; // error TK1001
}
