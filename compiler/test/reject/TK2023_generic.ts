function entry<T>(): u64 {
  return sizeOf<T>();
}
exportC("entry_point", entry); // error TK2023
export function main(): void {}
