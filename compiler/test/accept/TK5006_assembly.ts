function entry(): u64 {
  return 1n;
}
exportC("entry_point", entry);
export function main(): void {}
