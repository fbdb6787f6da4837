export function main(): void {
  const value = Symbol.iterator; // error TK1018
}
