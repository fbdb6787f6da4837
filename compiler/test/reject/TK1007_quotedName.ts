class Named {
  "first": u32; // error TK1007
  0: u32; // error TK1007
}
enum Kind {
  "two words" = 1, // error TK1007
}
export function main(): void {
  const named = new Named();
  log.info(`${named.first} ${Kind["two words"]}`);
}
