// What gcc would warn about, though each of these means what it says.

class Cell {
  value: u32 = 3;
  status: Volatile<u32>;
}
const cell = new Cell();
let counter: u32 = 0;

function endless(): void {
  counter += 1;
  endless();
}

function same(value: u32): bool {
  return value === value && cell.status === cell.status && cell === cell && same === same;
}

function missing(each: Cell | null): bool {
  return each === null;
}

function lowMemory(): u32 {
  zeroMemory(0x500n, 16n);
  copyMemory(0x7c00n, 0x10n, 512n);
  return u32(peek8(0x40en)) + overlay<Cell>(0x10n).value;
}

declare function sin(value: u32): u32;
declare function puts(value: u32): u32;

export function main(): void {
  const local = new Cell();
  copyStruct(local, local);
  switch (counter) {
  }
  if (counter < 0) log.info("never");
  if (missing(cell) || missing(local) || same(lowMemory() + sin(1) + puts(2))) endless();
}
exportC("suspicious", main);
