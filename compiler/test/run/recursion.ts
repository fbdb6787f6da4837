// Functions call themselves and each other, whatever order they are written in.

export function main(): void {
  log.info(`fibonacci ${fibonacci(20)}`);
  log.info(`ackermann ${ackermann(2, 3)}`);
  log.info(`even ${isEven(10)} odd ${isOdd(10)}`);
  log.info(`gcd ${gcd(1071n, 462n)}`);
  log.info(`hanoi ${hanoi(10)}`);
}

function fibonacci(n: u32): u32 {
  return n < 2 ? n : fibonacci(n - 1) + fibonacci(n - 2);
}

function ackermann(m: u32, n: u32): u32 {
  if (m === 0) return n + 1;
  if (n === 0) return ackermann(m - 1, 1);
  return ackermann(m - 1, ackermann(m, n - 1));
}

function isEven(n: u32): bool {
  return n === 0 || isOdd(n - 1);
}

function isOdd(n: u32): bool {
  return n !== 0 && isEven(n - 1);
}

function gcd(left: u64, right: u64): u64 {
  return right === 0n ? left : gcd(right, left % right);
}

function hanoi(discs: u32): u32 {
  return discs === 0 ? 0 : 2 * hanoi(discs - 1) + 1;
}
