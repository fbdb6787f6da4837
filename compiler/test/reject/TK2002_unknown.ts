class Holder {
  value: unknown; // error TK2002
}
export function main(): void {}
