// Names that mean something to the machine underneath are ordinary names here.

function imul(Math: u32, Number: u32): u32 {
  const BigInt: u64 = u64(Math) * u64(Number);
  return Math * Number + u32.wrap(BigInt);
}

export function main(): void {
  const Infinity: u32 = imul(3, 5);
  let process: u32 = 1;
  let require: u64 = 2n;
  const globalThis: bool = process < Infinity;
  process += Infinity;
  require *= u64(process);
  log.info(`${Infinity} ${process} ${require} ${globalThis}`);
}
