/**
 * The ledger: whether everything that is known about frames agrees. For tests; only what imports it has it.
 *
 *     bitmap, infos     a free frame has no references, an acquired one has some
 *     tables            walked from their roots: each is a Table frame and found once, with as many live entries as are
 *                       counted; every anonymous frame, and every one of a file, is found as often as it has references
 *     reverse map       every page that it names maps the frame
 *     swap              as many entries hold slots as slots have references
 *     heap              the counts, redzones and poison of every slab
 *
 *     beginLedger --> addRoot, addReference, ... --> closeLedger
 *
 * A root is walked as far as it is its own: what an address space shares with the kernel belongs to the kernel's root,
 * and entries that lead back to a root lead to no table more.
 */

import { type Frame, frameStart, pagingLevels, uncheckedFrame, uncheckedVirtAddr } from "../../arch/x86_64/addresses";
import { ENTRIES_PER_TABLE, GLOBAL, type PageTableEntry } from "../../arch/x86_64/pageTable";
import { tableIn } from "../../arch/x86_64/physmap";
import { isSelfEntry, rootTableOf } from "../../arch/x86_64/tableAccess";
import { frameLimit, isFree, isManaged, verifyCounters } from "./frameAllocator";
import { FrameOwner, frameInfo, frameOwner, frameReferences } from "./frames";
import { allocateBytes, freeBytes } from "./heap";
import { findLeafEntry } from "./pageMapper";
import { MappingCursor, firstMapping, mappingCount, nextMapping } from "./reverseMap";
import { isSlab, verifySlab } from "./slabs";
import { slotCount, slotReferences } from "./swap";

/** What does not agree. */
export enum Disagreement {
  None,
  /** A free frame has references. */
  FreeButReferenced,
  /** A frame that was acquired has no reference. */
  OwnedWithoutReference,
  /** An entry leads to a table that is in no Table frame. */
  TableNotOwned,
  /** A Table frame that was found more than once, or that no root leads to. */
  TableNotFoundOnce,
  /** A table has more or fewer entries in use than are counted. */
  LiveEntriesDiffer,
  /** An anonymous frame, or one of a file, was found more or less often than it has references. */
  ReferencesDiffer,
  /** A leaf leads to a free frame. */
  LeafToFreeFrame,
  /** The reverse map names a page that does not map the frame; `found` is its number. */
  NotMappedThere,
  /** More or fewer entries hold swap slots than slots have references. */
  SlotsDiffer,
}

/** The first disagreement that was found. */
export class LedgerReport {
  disagreement: Disagreement;
  /** Which frame it is about, unless it is about swap. */
  frame: Frame;
  /** What was counted when things changed, and what was found now. */
  counted: u64;
  found: u64;
}

/** How far a walk has come, by level. */
class TableWalk {
  readonly tables: FixedArray<Frame, 6>;
  readonly next: FixedArray<u32, 6>;
}

class Ledger {
  /** How often each frame was found. */
  found: Slice<u32>;
  swappedEntries: u64;
  readonly report: LedgerReport;
  readonly walk: TableWalk;
}
const ledger = new Ledger();

// --- Reading the books -----------------------------------------------------------------------------------------------

/** Starts to count. False: out of memory for the counts, 4 bytes a frame. */
export function beginLedger(): bool {
  const counts = allocateBytes(frameLimit() * 4n);
  if (counts === null) return false;
  ledger.found = sliceOf(overlay<Many<u32>>(counts), u32(frameLimit()));
  ledger.swappedEntries = 0n;
  ledger.report.disagreement = Disagreement.None;
  return true;
}

/** Counts what entries `first` up to `end` of a root table lead to, and the root itself. */
export function addRoot(root: Frame, first: u32, end: u32): void {
  const walk = ledger.walk;
  const top = pagingLevels();
  addReference(root);
  walk.tables[top] = root;
  walk.next[top] = first;
  let level = top;
  while (level <= top) {
    const index = walk.next[level];
    if (index === (level === top ? end : ENTRIES_PER_TABLE)) {
      level += 1;
      continue;
    }
    walk.next[level] = index + 1;
    if (level === top && isSelfEntry(index)) continue;
    if (addEntry(tableIn(walk.tables[level]).entries[index], level)) level -= 1;
  }
}

/** Counts a reference that something else than a table has. */
export function addReference(frame: Frame): void {
  if (isManaged(frame)) ledger.found[u32(frame)] += 1;
}

/** Compares all frames, and tells in `report` what does not agree. True: everything does. */
export function closeLedger(report: LedgerReport): bool {
  verifyCounters();
  for (let number: u64 = 0n; number < frameLimit(); number += 1n) {
    const frame = uncheckedFrame(number);
    if (isManaged(frame)) compareFrame(frame);
  }
  compareSlots();
  freeBytes(uncheckedVirtAddr(addressOf(ledger.found)));
  ledger.found = emptySlice<u32>();
  copyStruct(report, ledger.report);
  return report.disagreement === Disagreement.None;
}

/** The report in words, for the message of a panic: what, where, how many of what. */
export function panicOver(report: LedgerReport): never {
  const where = frameStart(report.frame);
  const counted = report.counted;
  panic(`ledger: ${report.disagreement} at the frame ${where}: counted ${counted}, found ${report.found}`);
}

// --- Walking ---------------------------------------------------------------------------------------------------------

/**
 * Counts one entry of a table of this level. True: it leads to a table, which the walk goes into. Global leaves are the
 * kernel's view of all memory, and no references.
 */
function addEntry(entry: PageTableEntry, level: u32): bool {
  if (entry.isEmpty()) return false;
  if (level > 1 && entry.isTable()) return enterTable(entry.frame(), level - 1);
  if (level > 1) return false;
  if (entry.isSwapped()) ledger.swappedEntries += 1n;
  else if ((entry.flags() & GLOBAL) === 0n) addLeaf(entry.frame());
  return false;
}

function addLeaf(frame: Frame): void {
  if (!isManaged(frame)) return;
  if (isFree(frame)) disagree(Disagreement.LeafToFreeFrame, frame, 0n, 1n);
  addReference(frame);
}

/** Goes into a table, unless the walk was in it before: then it might have no end. */
function enterTable(frame: Frame, level: u32): bool {
  addReference(frame);
  if (frameOwner(frame) !== FrameOwner.Table) {
    disagree(Disagreement.TableNotOwned, frame, u64(FrameOwner.Table), u64(frameOwner(frame)));
    return false;
  }
  if (ledger.found[u32(frame)] > 1) return false;
  const counted = u64(frameInfo(frame).liveEntries);
  const found = liveEntriesOf(frame);
  if (counted !== found) disagree(Disagreement.LiveEntriesDiffer, frame, counted, found);
  ledger.walk.tables[level] = frame;
  ledger.walk.next[level] = 0;
  return true;
}

function liveEntriesOf(frame: Frame): u64 {
  let live: u64 = 0n;
  for (const entry of tableIn(frame).entries) {
    if (!entry.isEmpty()) live += 1n;
  }
  return live;
}

// --- Comparing -------------------------------------------------------------------------------------------------------

function compareFrame(frame: Frame): void {
  const references = u64(frameInfo(frame).references);
  const found = u64(ledger.found[u32(frame)]);
  if (isFree(frame)) {
    if (references !== 0n) disagree(Disagreement.FreeButReferenced, frame, references, found);
    return;
  }
  if (frameInfo(frame).owner !== u8(FrameOwner.Free) && references === 0n) {
    disagree(Disagreement.OwnedWithoutReference, frame, references, found);
  }
  if (isSlab(frame)) verifySlab(frame);
  const owner = frameOwner(frame);
  if (owner === FrameOwner.Table && found !== 1n) disagree(Disagreement.TableNotFoundOnce, frame, 1n, found);
  const isCounted = owner === FrameOwner.Anonymous || owner === FrameOwner.File;
  if (isCounted && found !== u64(frameReferences(frame))) {
    disagree(Disagreement.ReferencesDiffer, frame, references, found);
  }
  if (owner === FrameOwner.Anonymous) compareMappings(frame);
}

function compareMappings(frame: Frame): void {
  const cursor = new MappingCursor();
  for (let more = firstMapping(frame, cursor); more; more = nextMapping(cursor)) {
    const entry = isFree(cursor.root) ? null : findLeafEntry(rootTableOf(cursor.root), cursor.page);
    const isThere = entry !== null && !entry.isSwapped() && entry.frame() === frame;
    if (!isThere) disagree(Disagreement.NotMappedThere, frame, u64(mappingCount(frame)), cursor.page);
  }
}

function compareSlots(): void {
  let references: u64 = 0n;
  for (let slot: u64 = 0n; slot < slotCount(); slot += 1n) references += u64(slotReferences(slot));
  if (references !== ledger.swappedEntries) {
    disagree(Disagreement.SlotsDiffer, uncheckedFrame(0n), references, ledger.swappedEntries);
  }
}

/** Only the first one counts: what follows may follow from it. */
function disagree(what: Disagreement, frame: Frame, counted: u64, found: u64): void {
  const report = ledger.report;
  if (report.disagreement !== Disagreement.None) return;
  report.disagreement = what;
  report.frame = frame;
  report.counted = counted;
  report.found = found;
}
