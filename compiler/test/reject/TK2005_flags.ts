const PRESENT: u32 = 1;
export function main(): void {
  let flags: u32 = 3;
  if (flags & PRESENT) log.info("present"); // error TK2005
  flags = 0;
}
