function entry<T>(): u64 {
  return sizeOf<T>();
}
exportC("entry_point", entry); // error TK5006
export function main(): void {}
