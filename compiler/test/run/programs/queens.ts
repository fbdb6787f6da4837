// Eight queens: 92 solutions, found by backtracking over bit masks.

const SIZE: u32 = 8;
const FULL: u32 = (1 << 8) - 1;

function solve(columns: u32, left: u32, right: u32): u32 {
  if (columns === FULL) return 1;
  let solutions: u32 = 0;
  let free = ~(columns | left | right) & FULL;
  while (free !== 0) {
    const bit = free & wrappingSub<u32>(0, free);
    free ^= bit;
    solutions += solve(columns | bit, (left | bit) << 1, (right | bit) >> 1);
  }
  return solutions;
}

export function main(): void {
  log.info(`${SIZE} queens: ${solve(0, 0, 0)}`);
}
