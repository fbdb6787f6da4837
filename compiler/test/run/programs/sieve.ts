// The sieve of Eratosthenes: there are 1229 primes below 10000, the last is 9973.

const LIMIT = 10000;

const composite = new FixedArray<bool, typeof LIMIT>();

export function main(): void {
  let count: u32 = 0;
  let last: u32 = 0;
  for (let i: u32 = 2; i < LIMIT; i++) {
    if (composite[i]) continue;
    count += 1;
    last = i;
    for (let multiple = i * i; multiple < LIMIT; multiple += i) composite[multiple] = true;
  }
  log.info(`${count} primes, last ${last}`);
}
