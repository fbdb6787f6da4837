// while, do, for in all their shapes; break and continue.

function collatz(start: u32): u32 {
  let value = start;
  let steps: u32 = 0;
  while (value !== 1) {
    value = value % 2 === 0 ? value / 2 : 3 * value + 1;
    steps += 1;
  }
  return steps;
}

function digits(start: u64): u32 {
  let value = start;
  let count: u32 = 0;
  do {
    value /= 10n;
    count += 1;
  } while (value !== 0n);
  return count;
}

function oddSum(limit: u32): u32 {
  let sum: u32 = 0;
  for (let i: u32 = 0; i <= limit; i++) {
    if (i % 2 === 0) continue;
    sum += i;
  }
  return sum;
}

function firstSquareAbove(limit: u32): u32 {
  let root: u32 = 0;
  for (;;) {
    if (root * root > limit) break;
    root++;
  }
  return root * root;
}

/** `continue` in a do loop goes on with the condition. */
function countDown(): u32 {
  let left: u32 = 5;
  let kept: u32 = 0;
  do {
    left -= 1;
    if (left === 2) continue;
    kept += 1;
  } while (left > 0);
  return kept;
}

export function main(): void {
  log.info(`collatz ${collatz(27)} ${collatz(1)}`);
  log.info(`digits ${digits(0n)} ${digits(9n)} ${digits(u64.MAX)}`);
  log.info(`odd sum ${oddSum(9)} ${oddSum(0)}`);
  log.info(`square ${firstSquareAbove(80)} ${firstSquareAbove(81)}`);
  log.info(`count down ${countDown()}`);
  let never: u32 = 0;
  while (never !== 0) never += 1;
  for (let i: i32 = 3; i >= -3; i -= 3) log.info(`i ${i}`);
  for (let low: u32 = 0, high: u32 = 9; low < high; low += 2) {
    high -= 1;
    never += 1;
  }
  log.info(`two variables ${never}`);
}
