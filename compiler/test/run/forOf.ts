// for-of over fixed arrays, slices and arrays of structs; the loop variable is a value or a reference.

class Cell {
  weight: u32;
}

const PRIMES: FixedArray<u8, 5> = [2, 3, 5, 7, 11];
const cells = new FixedArray<Cell, 3>();
const grid = new FixedArray<FixedArray<u16, 2>, 3>();

function total(values: Slice<u8>): u32 {
  let sum: u32 = 0;
  for (const value of values) sum += value;
  return sum;
}

export function main(): void {
  log.info(`${total(PRIMES)} ${total(subslice(PRIMES, 1, 3))} ${total(emptySlice<u8>())}`);
  let next: u32 = 1;
  for (const cell of cells) {
    cell.weight = next;
    next *= 10;
  }
  for (const cell of cells) log.info(`weight ${cell.weight}`);
  for (const row of grid) {
    for (let column: u32 = 0; column < row.length; column++) row[column] = 7;
    row[1] += 1;
  }
  log.info(`${grid[0][0]} ${grid[2][1]}`);
  let odd: u32 = 0;
  for (let prime of PRIMES) {
    if (prime === 7) break;
    if (prime === 2) continue;
    prime += 100;
    odd += prime;
  }
  log.info(`odd ${odd}, first still ${PRIMES[1]}`);
}
