// Compiles for both targets; on the host the access ends the program (run.test.ts).

export function main(): void {
  log.info(`${in8(0x3f8)}`);
}
