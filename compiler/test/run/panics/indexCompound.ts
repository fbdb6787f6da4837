// `+=` on an element checks once, before it reads.

const counts = new FixedArray<u32, 2>();
let calls: u32 = 0;

function next(): u32 {
  calls += 1;
  return calls;
}

export function main(): void {
  for (let i: u32 = 0; i < 3; i++) {
    log.info(`${counts[1]}`);
    counts[next()] += 1; // panics
  }
}
