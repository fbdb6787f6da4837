/**
 * Address spaces against the model of test/metal, over simulated physical memory. An access walks the tables as the
 * processor would, by the bits of the manual alone, and on what it refuses asks the fault path.
 */
import { frameAt, type Page, pageStart } from "../../../arch/x86_64/addresses";
import { type AddressSpace } from "../../../kernel/mm/addressSpace";
import { FaultOutcome, initFaults, resolveFault } from "../../../kernel/mm/faults";
import { freeFrameCount, verifyCounters } from "../../../kernel/mm/frameAllocator";
import { EXECUTE, READ, WRITE } from "../../../kernel/mm/regionTree";
import { finishSpaceModel, PageAccess, runSpaceModel, spaceModelCounts, startSpaceModel } from "../../metal/spaceModel";
import { arenaBase, startOwnedMachine } from "./simulatedMemory";

const STEPS: u32 = 1_000_000;
const INTERVAL: u32 = 2000;
/** Frames from here on are in the arena, but not the allocator's. */
const MEMORY: u64 = 6000n;

const PRESENT: u64 = 1n;
const WRITABLE: u64 = 2n;
const USER: u64 = 4n;
const NO_EXECUTE: u64 = 1n << 63n;
const FRAME: u64 = 0x000f_ffff_ffff_f000n;

export function main(): void {
  startOwnedMachine(MEMORY);
  initFaults();
  const free = freeFrameCount();
  startSpaceModel(frameAt(MEMORY), access);
  runSpaceModel(STEPS, INTERVAL);
  finishSpaceModel();
  verifyCounters();
  assert(freeFrameCount() === free, `${free - freeFrameCount()} frames are lost`);
  const counts = spaceModelCounts;
  log.info(
    `steps=${counts.steps} done=${counts.done} refused=${counts.refused} withoutFrames=${counts.withoutFrames} accesses=${counts.accesses} accessesRefused=${counts.accessesRefused} grown=${counts.stacksGrown} moves=${counts.moves} clones=${counts.clones}`,
  );
}

/** One access: a fault at most, and then it works. */
function access(space: AddressSpace, wanted: PageAccess): FaultOutcome {
  let leaf = walk(space, wanted.page);
  if (!allows(leaf, wanted.access)) {
    const outcome = resolveFault(space, pageStart(wanted.page) + 8n, errorCode(leaf, wanted.access));
    if (outcome !== FaultOutcome.Resolved) return outcome;
    leaf = walk(space, wanted.page);
    assert(allows(leaf, wanted.access), "what was resolved works");
  }
  const address = arenaBase() + (leaf & FRAME);
  if (wanted.access === WRITE) poke64(address, wanted.word);
  else wanted.word = peek64(address);
  return FaultOutcome.Resolved;
}

/** The leaf entry of a page, with only the permissions that all levels give. */
function walk(space: AddressSpace, page: Page): u64 {
  let table: u64 = space.rootFrame << 12n;
  let permissions: u64 = WRITABLE | USER;
  for (let shift: u64 = 27n; ; shift -= 9n) {
    const entry = peek64(arenaBase() + table + ((page >> shift) & 511n) * 8n);
    if ((entry & PRESENT) === 0n) return 0n;
    permissions &= entry;
    if (shift === 0n) return (entry & ~(WRITABLE | USER)) | permissions;
    table = entry & FRAME;
  }
}

function allows(leaf: u64, access: u32): bool {
  if ((leaf & (PRESENT | USER)) !== (PRESENT | USER)) return false;
  if (access === EXECUTE) return (leaf & NO_EXECUTE) === 0n;
  return access === READ || (leaf & WRITABLE) !== 0n;
}

function errorCode(leaf: u64, access: u32): u64 {
  const present = leaf & PRESENT;
  return present | USER | (access === WRITE ? 2n : 0n) | (access === EXECUTE ? 16n : 0n);
}
