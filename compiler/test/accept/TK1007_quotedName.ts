class Named {
  first: u32;
}
enum Kind {
  TwoWords = 1,
}
export function main(): void {
  const named = new Named();
  log.info(`${named.first} ${Kind.TwoWords}`);
}
