const PRESENT: u32 = 1;
export function main(): void {
  let flags: u32 = 3;
  if ((flags & PRESENT) !== 0) log.info("present");
  flags = 0;
}
