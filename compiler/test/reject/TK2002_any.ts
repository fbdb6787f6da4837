function show(value: any): void {} // error TK2002
export function main(): void {
  show(1);
}
