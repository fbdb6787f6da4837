// Each index of a nested access is checked by itself.

const grid = new FixedArray<FixedArray<u8, 4>, 2>();

function cell(row: u32, column: u32): u8 {
  return grid[row][column]; // panics
}

export function main(): void {
  log.info(`${cell(1, 3)}`);
  log.info(`${cell(0, 4)}`);
}
