/** Recursion without end: the stack grows into its guard page. */

/** Deeper than any stack of the kernel: what makes the recursion one that could end. */
const MAX_DEPTH: u64 = 1_000_000n;

/** Uses up the kernel stack. */
export function demoStackOverflow(): void {
  log.info("calling a function that calls itself");
  const depth = dive(1n);
  log.error(`came back from a depth of ${depth}: no guard page stopped it`);
}

/** Each call keeps some bytes of the stack, and uses them afterwards: no compiler turns that into a loop. */
function dive(depth: u64): u64 {
  if (depth === MAX_DEPTH) return depth;
  const local = new FixedArray<u64, 4>();
  poke64(addressOf(local), depth);
  const deepest = dive(depth + 1n);
  return deepest + peek64(addressOf(local)) - depth;
}
