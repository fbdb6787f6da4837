function nothing(): void {}
export function main(): void {
  const value = nothing(); // error TK1023
  nothing();
}
