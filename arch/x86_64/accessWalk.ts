/**
 * What the processor does with an access on its way through page tables, in software: where the access ends, or the
 * page fault that it raises with the error code, and what is noted in the tables.
 *
 *     address -- canonical? -- no --> NotCanonical (#GP or #SS)
 *        |
 *     each level: present? -- no --> fault, P = 0
 *        |        reserved bits clear? -- no --> fault, RSVD
 *        |        table: note "accessed", go on          permissions: the AND over all levels, no-execute the OR
 *     leaf: allowed? -- no --> fault, P = 1
 *        |
 *     note "accessed", and "dirty" for a write --> Translated
 *
 *     error code     bit 4 I/D   3 RSVD   2 U/S   1 W/R   0 P
 *
 * A processor may or may not note that it passed a table when the access then faults; this one does.
 *
 * Intel SDM Vol. 3A, "Access Rights", "Page-Fault Exceptions", "Accessed and Dirty Flags", "Hierarchical Paging
 * Structures: an Overview".
 */

import { type Frame, type PhysAddr, frameStart, isCanonical, offsetInPage, pageContaining } from "./addresses";
import { PAGE_SHIFT, pagingLevels, physAddr, physAfter, uncheckedVirtAddr } from "./addresses";
import { ACCESSED, DIRTY, HUGE, NO_EXECUTE, USER, WRITABLE } from "./pageTable";
import { type PageTableEntry, pagesPerLeaf, tableIndex } from "./pageTable";
import { tableIn } from "./physmap";

export enum AccessKind {
  Read,
  Write,
  Execute,
}

/** Who accesses, and what the control registers say. */
export class AccessRules {
  /** Ring 3. */
  user: bool;
  /** RFLAGS.AC: SMAP is suspended for ring 0. */
  alignmentCheck: bool;
  /** CR0.WP. */
  writeProtect: bool;
  /** EFER.NXE. */
  noExecute: bool;
  /** CR4.SMEP and CR4.SMAP. */
  smep: bool;
  smap: bool;
  /** Width of physical addresses. */
  physicalBits: u32;
}

export enum AccessOutcome {
  Translated,
  Fault,
  NotCanonical,
}

export class AccessResult {
  outcome: AccessOutcome;
  /** Where the access goes, when it is translated. */
  physical: PhysAddr;
  /** Level of the leaf, or where the fault was found. */
  level: u32;
  /** As a page fault has it, when there is one. */
  errorCode: u64;
}

const ERROR_PRESENT: u64 = 1n << 0n;
const ERROR_WRITE: u64 = 1n << 1n;
const ERROR_USER: u64 = 1n << 2n;
const ERROR_RESERVED: u64 = 1n << 3n;
const ERROR_FETCH: u64 = 1n << 4n;

const ADDRESS_MASK: u64 = 0x000f_ffff_ffff_f000n;
/** In a huge leaf bit 12 is PAT, the other address bits below its size are reserved. */
const HUGE_PAT: u64 = 1n << 12n;

/** What all levels so far agree on. */
class Permissions {
  writable: bool;
  user: bool;
  executable: bool;
}

/**
 * Walks `address` through the tables under `root`, as this access would, and notes in them what the processor would.
 * The caller vouches that every table is RAM.
 */
export function walkAccess(
  root: Frame,
  address: u64,
  kind: AccessKind,
  rules: AccessRules,
  result: AccessResult,
): void {
  result.physical = physAddr(0n);
  result.errorCode = 0n;
  result.level = pagingLevels();
  result.outcome = AccessOutcome.NotCanonical;
  if (isCanonical(address)) result.outcome = walkTables(root, address, kind, rules, result);
}

function walkTables(
  root: Frame,
  address: u64,
  kind: AccessKind,
  rules: AccessRules,
  result: AccessResult,
): AccessOutcome {
  const page = pageContaining(uncheckedVirtAddr(address));
  const permissions = new Permissions();
  permissions.writable = true;
  permissions.user = true;
  permissions.executable = true;
  let table = tableIn(root);
  for (;;) {
    const entry = table.entries[tableIndex(page, result.level)];
    if (!entry.isPresent()) return fail(result, kind, rules, 0n);
    if ((entry.raw() & reservedBits(entry, result.level, rules)) !== 0n) {
      return fail(result, kind, rules, ERROR_PRESENT | ERROR_RESERVED);
    }
    restrict(permissions, entry, rules);
    if (isLeaf(entry, result.level)) return finish(address, entry, permissions, kind, rules, result);
    entry.setRaw(entry.raw() | ACCESSED);
    table = tableIn(entry.frame());
    result.level -= 1;
  }
}

function fail(result: AccessResult, kind: AccessKind, rules: AccessRules, cause: u64): AccessOutcome {
  let code = cause;
  if (kind === AccessKind.Write) code |= ERROR_WRITE;
  if (rules.user) code |= ERROR_USER;
  if (kind === AccessKind.Execute && (rules.noExecute || rules.smep)) code |= ERROR_FETCH;
  result.errorCode = code;
  return AccessOutcome.Fault;
}

function finish(
  address: u64,
  entry: PageTableEntry,
  permissions: Permissions,
  kind: AccessKind,
  rules: AccessRules,
  result: AccessResult,
): AccessOutcome {
  if (!isAllowed(permissions, kind, rules)) return fail(result, kind, rules, ERROR_PRESENT);
  entry.setRaw(entry.raw() | (kind === AccessKind.Write ? ACCESSED | DIRTY : ACCESSED));
  const first = result.level === 1 ? entry.frame() : entry.hugeFrame();
  const pageInLeaf = (address >> PAGE_SHIFT) & (pagesPerLeaf(result.level) - 1n);
  result.physical = physAfter(frameStart(first), (pageInLeaf << PAGE_SHIFT) + offsetInPage(address));
  return AccessOutcome.Translated;
}

function isLeaf(entry: PageTableEntry, level: u32): bool {
  return level === 1 || (level < 4 && entry.isHuge());
}

/** Bits that must be clear in a present entry. */
function reservedBits(entry: PageTableEntry, level: u32, rules: AccessRules): u64 {
  let reserved = ADDRESS_MASK & ~((1n << u64(rules.physicalBits)) - 1n);
  if (!rules.noExecute) reserved |= NO_EXECUTE;
  if (level >= 4) reserved |= HUGE;
  if (level > 1 && isLeaf(entry, level)) {
    reserved |= ((pagesPerLeaf(level) << PAGE_SHIFT) - 1n) & ADDRESS_MASK & ~HUGE_PAT;
  }
  return reserved;
}

function restrict(permissions: Permissions, entry: PageTableEntry, rules: AccessRules): void {
  const bits = entry.raw();
  if ((bits & WRITABLE) === 0n) permissions.writable = false;
  if ((bits & USER) === 0n) permissions.user = false;
  if (rules.noExecute && (bits & NO_EXECUTE) !== 0n) permissions.executable = false;
}

function isAllowed(permissions: Permissions, kind: AccessKind, rules: AccessRules): bool {
  if (rules.user && !permissions.user) return false;
  if (kind === AccessKind.Execute) {
    return permissions.executable && (rules.user || !permissions.user || !rules.smep);
  }
  if (!rules.user && permissions.user && rules.smap && !rules.alignmentCheck) return false;
  if (kind === AccessKind.Read) return true;
  return permissions.writable || (!rules.user && !rules.writeProtect);
}
