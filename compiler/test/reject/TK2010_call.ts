function result(): u32 {
  return 1;
}
export function main(): void {
  result(); // error TK2010
}
