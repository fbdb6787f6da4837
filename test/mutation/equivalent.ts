/**
 * Mutants that nobody can notice: what they take away makes no difference to what the kernel does. Each is named by its
 * file, the function that it lies in, and what is taken away.
 */
import { type Site } from "./sites";

interface Equivalent {
  readonly path: string;
  readonly within: string;
  readonly text: string;
  readonly reason: string;
}

const EQUIVALENT: readonly Equivalent[] = [
  {
    path: "kernel/mm/addressSpace.ts",
    within: "changePermissions",
    text: "region.permissions === permissions",
    reason: "it only saves work: permissions that are there already are given once more",
  },
  {
    path: "kernel/mm/regionPages.ts",
    within: "protectPages",
    text: "(flags & WRITABLE) !== 0n",
    reason: "it only saves work: without write permission both ways give the same flags",
  },
  {
    path: "kernel/mm/faults.ts",
    within: "tryToResolve",
    text: "!leaf.isWritable()",
    reason: "a writable leaf has the only reference of its frame, and becomes writable once more",
  },
  {
    path: "kernel/mm/faults.ts",
    within: "tryToResolve",
    text: "copiesOnWrite(region)",
    reason: "leaves of shared and physical regions are writable whenever the region is",
  },
  {
    path: "kernel/mm/eviction.ts",
    within: "evict",
    text: "applyFlushUnder(cursor.root, flushOfPage(cursor.page));",
    reason: "the page was flushed when its accessed bit was cleared, and was not accessed since",
  },
  {
    path: "kernel/mm/regionTree.ts",
    within: "verify",
    text: 'assert(at.first >= bottom && at.end > at.first && at.end <= endUserPage(), "regions are sorted and disjoint");',
    reason: "an assertion for tests, which never fails",
  },
  {
    path: "arch/x86_64/accessWalk.ts",
    within: "restrict",
    text: "rules.noExecute",
    reason: "without no-execute its bit is reserved, and the walk has ended",
  },
  {
    path: "arch/x86_64/tlb.ts",
    within: "flushAll",
    text: "(cr4 & CR4_GLOBAL_PAGES) === 0n -> false",
    reason: "turning global pages on and off empties the TLB as off and on does",
  },
];

/** Why nobody can notice this mutant. Undefined: somebody has to. */
export function whyEquivalent(site: Site): string | undefined {
  const { path, within, text } = site;
  return EQUIVALENT.find((each) => each.path === path && each.within === within && each.text === text)?.reason;
}
