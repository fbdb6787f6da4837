// Labelled break and continue leave the loop that they name.

function firstPair(sum: u32): u32 {
  let found: u32 = 0;
  outer: for (let i: u32 = 1; i < 10; i++) {
    for (let j: u32 = i; j < 10; j++) {
      if (i * j === sum) {
        found = i * 10 + j;
        break outer;
      }
    }
  }
  return found;
}

function rowsWithoutZero(rows: Slice<u32>): u32 {
  let count: u32 = 0;
  next: for (const row of rows) {
    let rest = row;
    while (rest !== 0) {
      if (rest % 10 === 0) continue next;
      rest /= 10;
    }
    count += 1;
  }
  return count;
}

const ROWS: FixedArray<u32, 5> = [123, 101, 77, 90, 1];

export function main(): void {
  log.info(`${firstPair(12)} ${firstPair(49)} ${firstPair(13)}`);
  log.info(`${rowsWithoutZero(ROWS)}`);
  let turns: u32 = 0;
  again: do {
    turns += 1;
    switch (turns) {
      case 1:
        continue again;
      case 3:
        break again;
      default:
        log.info(`turn ${turns}`);
    }
  } while (turns < 100);
  log.info(`${turns} turns`);
}
