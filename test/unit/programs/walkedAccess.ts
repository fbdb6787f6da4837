/**
 * Accesses to pages of an address space on the host: a walk of its tables as the processor would make it, by the bits
 * of the manual alone, and what it refuses goes to the fault path.
 */
import { type Page, pageStart } from "../../../arch/x86_64/addresses";
import { type AddressSpace } from "../../../kernel/mm/addressSpace";
import { FaultOutcome, resolveFault } from "../../../kernel/mm/faults";
import { EXECUTE, READ, WRITE } from "../../../kernel/mm/regionTree";
import { PageAccess } from "../../metal/spaceModel";
import { arenaBase } from "./simulatedMemory";

const PRESENT: u64 = 1n;
const WRITABLE: u64 = 2n;
const USER: u64 = 4n;
const ACCESSED: u64 = 32n;
const NO_EXECUTE: u64 = 1n << 63n;
const FRAME: u64 = 0x000f_ffff_ffff_f000n;

/** One access: a fault at most, and then it works. */
export function accessByWalk(space: AddressSpace, wanted: PageAccess): FaultOutcome {
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
    if (shift === 0n) poke64(arenaBase() + table + (page & 511n) * 8n, entry | ACCESSED);
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
