/** The ledger agrees with a machine in order, and notices each way in which one can be out of order. */
import { type Frame, frameAt, pageAt } from "../../../arch/x86_64/addresses";
import { ENTRIES_PER_TABLE, NO_EXECUTE, pageFlags, tableIndex, USER, WRITABLE } from "../../../arch/x86_64/pageTable";
import { tableIn } from "../../../arch/x86_64/physmap";
import { ignoreFlush } from "../../../arch/x86_64/tlb";
import { evictOne } from "../../../kernel/mm/eviction";
import { freeFrame, freeFrameCount } from "../../../kernel/mm/frameAllocator";
import {
  acquireFrame,
  acquireZeroedFrame,
  frameInfo,
  FrameOwner,
  releaseFrame,
  shareFrame,
} from "../../../kernel/mm/frames";
import { allocateBytes } from "../../../kernel/mm/heap";
import { addReference, addRoot, beginLedger, closeLedger, Disagreement, LedgerReport } from "../../../kernel/mm/ledger";
import { findLeafEntry, mapPage, MapResult, unmapRange } from "../../../kernel/mm/pageMapper";
import { addMapping, removeMapping } from "../../../kernel/mm/reverseMap";
import { dropSlot, shareSlot, startMemorySwap, stopSwap } from "../../../kernel/mm/swap";
import { startOwnedMachine } from "./simulatedMemory";

const FIRST: u64 = 0x1_2345n;
const SECOND: u64 = 0x1_2346n;

class Machine {
  root: Frame;
  /** Mapped at FIRST and SECOND. */
  shared: Frame;
}
const machine = new Machine();
const report = new LedgerReport();

export function main(): void {
  aMachineInOrderAgrees();
  countsAreNoticed();
  tablesAreNoticed();
  lostFramesAreNoticed();
  mappingsAreNoticed();
  slotsAreNoticed();
  log.info("all cases passed");
}

function take(owner: FrameOwner): Frame {
  const frame = acquireZeroedFrame(owner);
  if (frame === null) panic("a frame must be free");
  return frame;
}

/** One root, one frame that two pages share, one object of the heap. */
function start(): void {
  startOwnedMachine(2048n);
  machine.root = take(FrameOwner.Table);
  machine.shared = take(FrameOwner.Anonymous);
  shareFrame(machine.shared);
  map(FIRST);
  map(SECOND);
  assert(allocateBytes(100n) !== null);
}

function map(page: u64): void {
  const flags = pageFlags(WRITABLE | USER | NO_EXECUTE);
  assert(mapPage(tableIn(machine.root), pageAt(page), machine.shared, flags) === MapResult.Mapped, "mapped");
}

function check(): Disagreement {
  assert(beginLedger(), "memory for the ledger is there");
  addRoot(machine.root, 0, ENTRIES_PER_TABLE);
  assert(closeLedger(report) === (report.disagreement === Disagreement.None), "it says so");
  return report.disagreement;
}

function expectFound(what: Disagreement, frame: Frame): void {
  const found = check();
  assert(found === what && report.frame === frame, `${found} instead of ${what}`);
}

function aMachineInOrderAgrees(): void {
  start();
  const free = freeFrameCount();
  assert(check() === Disagreement.None, "in order");
  assert(freeFrameCount() === free, "and as before");
  const other = take(FrameOwner.Anonymous);
  assert(check() === Disagreement.ReferencesDiffer, "nobody has it");
  assert(beginLedger());
  addRoot(machine.root, 0, ENTRIES_PER_TABLE);
  addReference(other);
  assert(closeLedger(report), "somebody has");
  const flush = unmapRange(tableIn(machine.root), pageAt(FIRST), 2n);
  if (flush === null) panic("no huge leaf is in the way");
  ignoreFlush(flush);
  assert(!releaseFrame(machine.shared) && releaseFrame(machine.shared) && releaseFrame(other));
  assert(check() === Disagreement.None, "in order, and empty");
}

function countsAreNoticed(): void {
  start();
  shareFrame(machine.shared);
  expectFound(Disagreement.ReferencesDiffer, machine.shared);
  assert(report.counted === 3n && report.found === 2n, "one too many");
  start();
  frameInfo(machine.shared).references = 0;
  expectFound(Disagreement.OwnedWithoutReference, machine.shared);
  start();
  frameInfo(frameAt(2000n)).references = 1;
  expectFound(Disagreement.FreeButReferenced, frameAt(2000n));
  start();
  freeFrame(machine.shared);
  expectFound(Disagreement.LeafToFreeFrame, machine.shared);
}

/** The frame of the table that FIRST goes through, one level below the root. */
function tableBelowRoot(): Frame {
  return tableIn(machine.root).entries[tableIndex(pageAt(FIRST), 4)].frame();
}

function tablesAreNoticed(): void {
  start();
  const table = tableBelowRoot();
  frameInfo(table).liveEntries += 1;
  expectFound(Disagreement.LiveEntriesDiffer, table);
  assert(report.counted === 2n && report.found === 1n, "one too many");
  frameInfo(table).liveEntries -= 1;
  assert(check() === Disagreement.None, "in order again");
  tableIn(machine.root).entries[9].setTable(table, true);
  expectFound(Disagreement.TableNotFoundOnce, table);
  tableIn(machine.root).entries[9].clear();
  frameInfo(table).owner = u8(FrameOwner.File);
  expectFound(Disagreement.TableNotOwned, table);
}

function lostFramesAreNoticed(): void {
  start();
  const lost = take(FrameOwner.Table);
  expectFound(Disagreement.TableNotFoundOnce, lost);
  assert(report.found === 0n, "nothing leads to it");
  assert(releaseFrame(lost) && check() === Disagreement.None, "given back");
  const kept = acquireFrame(FrameOwner.Anonymous);
  assert(kept !== null && check() === Disagreement.ReferencesDiffer, "no page has it");
}

function mappingsAreNoticed(): void {
  start();
  assert(addMapping(machine.shared, machine.root, pageAt(FIRST)) && check() === Disagreement.None, "it is there");
  assert(addMapping(machine.shared, machine.root, pageAt(SECOND + 1n)), "but not there");
  expectFound(Disagreement.NotMappedThere, machine.shared);
  assert(report.counted === 2n && report.found === SECOND + 1n, "which of them");
  removeMapping(machine.shared, machine.root, pageAt(SECOND + 1n));
  const lost = take(FrameOwner.Table);
  assert(addMapping(machine.shared, lost, pageAt(SECOND)) && releaseFrame(lost), "under a root that is gone");
  expectFound(Disagreement.NotMappedThere, machine.shared);
}

function slotsAreNoticed(): void {
  start();
  assert(startMemorySwap(10));
  assert(
    addMapping(machine.shared, machine.root, pageAt(FIRST)) && addMapping(machine.shared, machine.root, pageAt(SECOND)),
  );
  const evicted = evictOne();
  assert(evicted !== null && releaseFrame(evicted) && check() === Disagreement.None, "both pages are away");
  const entry = findLeafEntry(tableIn(machine.root), pageAt(FIRST));
  if (entry === null) panic("the page has a table");
  const slot = entry.swapSlot();
  shareSlot(slot);
  assert(check() === Disagreement.SlotsDiffer, "no page has it");
  assert(report.counted === 3n && report.found === 2n, "one too many");
  for (let i: u32 = 0; i < 3; i += 1) dropSlot(slot);
  stopSwap();
  assert(check() === Disagreement.SlotsDiffer && report.counted === 0n, "pages hold what is not there");
}
