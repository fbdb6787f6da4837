let counter: u64 = 0n;
exportC("shared_counter", counter); // error TK5006
export function main(): void {
  counter += 1n;
}
