/**
 * The walk of one address through the tables, level by level, as the CPU would do it: for fault reports and curious
 * people.
 *
 *     PML4[511] in table 0x000101000: 0x0000000000103003 table at 0x000103000
 *     PDPT[510] in table 0x000103000: 0x0000000000104003 table at 0x000104000
 *     PD  [  1] in table 0x000104000: 0x0000000000105003 table at 0x000105000
 *     PT  [  0] in table 0x000105000: 0x0000000000200101 4 KiB page at 0x000200000
 *     read-only, executable, supervisor, global
 *     physical address 0x0000000000200040
 *
 * A walk never faults: a table is read only when its frame is RAM that the HHDM shows.
 */

import { type Frame, type PhysAddr, frameStart, physAddr } from "../../arch/x86_64/addresses";
import {
  isCanonical,
  offsetInPage,
  pageContaining,
  pagingLevels,
  physAfter,
  uncheckedVirtAddr,
} from "../../arch/x86_64/addresses";
import { ACCESSED, DIRTY, GLOBAL, UNCACHED, WRITE_COMBINING } from "../../arch/x86_64/pageTable";
import { PageTableEntry, memoryTypeOf, pagesPerLeaf, tableIndex } from "../../arch/x86_64/pageTable";
import { tableIn } from "../../arch/x86_64/physmap";
import { isRam, memoryMap } from "./memoryMap";

export enum WalkOutcome {
  /** The last step is a leaf; `physical` is where the address lies. */
  Mapped,
  /** The last step is an entry that is not present. */
  NotPresent,
  /** The upper bits differ: the CPU walks nothing. */
  NotCanonical,
  /** The next table is said to be where no RAM is known. */
  TableOutsideRam,
}

/** One entry on the way. */
export class WalkStep {
  /** 5 = PML5, 4 = PML4 .. 1 = PT. */
  level: u32;
  table: Frame;
  index: u32;
  /** A copy of the entry. */
  readonly entry: PageTableEntry;

  /** Whether the way ends here: nothing there, or a page. */
  isLast(): bool {
    return !this.entry.isPresent() || this.level === 1 || (this.level < 4 && this.entry.isHuge());
  }
}

export class Walk {
  address: u64;
  readonly steps: FixedArray<WalkStep, 5>;
  stepCount: u32;
  outcome: WalkOutcome;
  /** Where the address lies, when it is mapped. */
  physical: PhysAddr;
}

/** Walks `address` through the tables under the root table in frame `root`, and keeps each step in `walk`. Never faults. */
export function walkAddress(root: Frame, address: u64, walk: Walk): void {
  walk.address = address;
  walk.stepCount = 0;
  walk.physical = physAddr(0n);
  walk.outcome = isCanonical(address) ? walkTables(root, walk) : WalkOutcome.NotCanonical;
}

/** Tells each step and the end in words, a line at a time. */
export function reportWalk(walk: Walk, line: (message: Message) => void): void {
  for (let i: u32 = 0; i < walk.stepCount; i += 1) reportStep(walk.steps[i], line);
  switch (walk.outcome) {
    case WalkOutcome.Mapped:
      line(`    physical address ${walk.physical}`);
      break;
    case WalkOutcome.NotPresent:
      line("    not mapped: the last entry is not present");
      break;
    case WalkOutcome.NotCanonical:
      line("    no walk: the address is not canonical");
      break;
    case WalkOutcome.TableOutsideRam:
      line("    the walk ends: the next table is not in known RAM");
      break;
  }
}

function walkTables(root: Frame, walk: Walk): WalkOutcome {
  const page = pageContaining(uncheckedVirtAddr(walk.address));
  let table = root;
  for (let level = pagingLevels(); level >= 1; level -= 1) {
    if (!isRam(memoryMap, table)) return WalkOutcome.TableOutsideRam;
    const step = walk.steps[walk.stepCount];
    walk.stepCount += 1;
    step.level = level;
    step.table = table;
    step.index = tableIndex(page, level);
    copyStruct(step.entry, tableIn(table).entries[step.index]);
    if (step.isLast()) return finishWalk(walk, step);
    table = step.entry.frame();
  }
  return WalkOutcome.NotPresent;
}

function finishWalk(walk: Walk, step: WalkStep): WalkOutcome {
  if (!step.entry.isPresent()) return WalkOutcome.NotPresent;
  const first = step.level === 1 ? step.entry.frame() : step.entry.hugeFrame();
  const pageInLeaf = (walk.address >> 12n) & (pagesPerLeaf(step.level) - 1n);
  walk.physical = physAfter(frameStart(first), (pageInLeaf << 12n) + offsetInPage(walk.address));
  return WalkOutcome.Mapped;
}

function reportStep(step: WalkStep, line: (message: Message) => void): void {
  const entry = step.entry;
  const name = levelName(step.level);
  const table = frameStart(step.table);
  const raw = entry.raw();
  const what = entryName(step);
  const target = frameStart(step.isLast() && step.level > 1 ? entry.hugeFrame() : entry.frame());
  const access = entry.isWritable() ? "writable" : "read-only";
  const execute = entry.isExecutable() ? "executable" : "no-execute";
  const mode = entry.isUser() ? "user" : "supervisor";
  if (!entry.isPresent()) {
    line(
      `    ${alignLeft(name, 4)}[${alignRight(step.index, 3)}] in table ${hex(table, 9)}: ${hex(raw, 16)} not present`,
    );
  } else if (!step.isLast()) {
    line(
      `    ${alignLeft(name, 4)}[${alignRight(step.index, 3)}] in table ${hex(table, 9)}: ${hex(raw, 16)} ${what} ${hex(target, 9)}`,
    );
  } else {
    line(
      `    ${alignLeft(name, 4)}[${alignRight(step.index, 3)}] in table ${hex(table, 9)}: ${hex(raw, 16)} ${what} ${hex(target, 9)}`,
    );
    line(`    ${access}, ${execute}, ${mode}${useWords(entry)}${memoryTypeWords(step)}`);
  }
}

/** What the tables of a level are called. */
export function levelName(level: u32): string {
  switch (level) {
    case 5:
      return "PML5";
    case 4:
      return "PML4";
    case 3:
      return "PDPT";
    case 2:
      return "PD";
    default:
      return "PT";
  }
}

/** What a present entry leads to. */
function entryName(step: WalkStep): string {
  if (!step.isLast()) return "table at";
  switch (step.level) {
    case 3:
      return "1 GiB page at";
    case 2:
      return "2 MiB page at";
    default:
      return "4 KiB page at";
  }
}

/** What the CPU noted in a leaf, and whether it outlives a CR3 write. */
function useWords(entry: PageTableEntry): string {
  const flags = entry.flags();
  const used = (flags & DIRTY) !== 0n ? 2 : (flags & ACCESSED) !== 0n ? 1 : 0;
  if ((flags & GLOBAL) !== 0n) {
    return used === 2 ? ", global, accessed, dirty" : used === 1 ? ", global, accessed" : ", global";
  }
  return used === 2 ? ", accessed, dirty" : used === 1 ? ", accessed" : "";
}

function memoryTypeWords(step: WalkStep): string {
  const flags = step.level === 1 ? step.entry.flags() : step.entry.hugeFlags();
  switch (memoryTypeOf(flags)) {
    case WRITE_COMBINING:
      return ", write-combining";
    case UNCACHED:
      return ", uncached";
    case 0n:
      return "";
    default:
      return ", of another memory type";
  }
}
