// Enum members as operands and shift counts.

enum E {
  A = 1,
}
export function main(): void {
  let x: u32 = E.A;
  x <<= E.A;
  const y = 1 << E.A;
  log.info(`${x} ${y} ${E.A | 2}`);
}
