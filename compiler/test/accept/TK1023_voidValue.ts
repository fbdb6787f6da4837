function nothing(): void {}
export function main(): void {
  nothing();
}
