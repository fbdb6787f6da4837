/**
 * The proof, at boot, that no page of the kernel is both writable and executable, and that ring 3 has none of them: a
 * walk of all tables that the kernel's root leads to, entry by entry.
 *
 *     leaf   writable, no no-execute  -->  panic
 *            user                     -->  panic
 *     entry that shows the root itself (physmap=recursive): never executable, never user
 *
 * A leaf must be harmless by itself: that a table above it takes rights away does not count. So the cost is one pass
 * over each table that is not empty, and does not grow with the pages that huge leaves map.
 */

import { type Frame, pagingLevels } from "../../arch/x86_64/addresses";
import { ENTRIES_PER_TABLE, type PageTable } from "../../arch/x86_64/pageTable";
import { isSelfEntry, rootTableOf, tableUnder } from "../../arch/x86_64/tableAccess";
import { acquiredInfo } from "./frames";

/** The way down to the table that is looked at, by level: 5 = PML5 .. 1 = PT. */
class Progress {
  readonly tables: FixedArray<Ref<PageTable> | null, 6>;
  /** The entry from which on the next table is looked for. */
  readonly next: FixedArray<u32, 6>;
}
const progress = new Progress();

/** Proves it for the tables under this root, in which programs have no pages. Returns how many tables these are. */
export function proveProtection(root: Frame): u32 {
  const top = pagingLevels();
  let level = top;
  let tables: u32 = 1;
  enter(rootTableOf(root), level);
  while (level <= top) {
    const table = progress.tables[level];
    assert(table !== null);
    const index = level === 1 ? ENTRIES_PER_TABLE : table.nextTable(progress.next[level]);
    if (index === ENTRIES_PER_TABLE) {
      level += 1;
      continue;
    }
    progress.next[level] = index + 1;
    if (level === top && isSelfEntry(index)) {
      assert(table.entries[index].isHarmless(), "tables must not run, nor be ring 3's");
      continue;
    }
    tables += 1;
    if (acquiredInfo(table.entries[index].frame()).liveEntries === 0) continue;
    level -= 1;
    enter(tableUnder(table.entries[index]), level);
  }
  return tables;
}

/** Looks at the leaves of a table, and begins with its tables. */
function enter(table: PageTable, level: u32): void {
  const wrong = table.firstHarmfulLeaf(level);
  if (wrong !== null) {
    panic(`a page of the kernel is writable and executable, or ring 3's: entry ${wrong} of a table of level ${level}`);
  }
  progress.tables[level] = table;
  progress.next[level] = 0;
}
