/**
 * The software walk of an access, exhaustively on small spaces: one way down, with every combination of permission bits
 * at each level, every kind of access and every setting of the control registers; then every way in which an entry can
 * be wrong at each level. What should come out is computed from the manual's rules for all levels at once, not level by
 * level as the walk does it.
 */
import { frameAt, frameNumber, frameStart, NO_FRAME, pagingLevels, physAddr } from "../../../arch/x86_64/addresses";
import { AccessKind, AccessOutcome, AccessResult, AccessRules, walkAccess } from "../../../arch/x86_64/accessWalk";
import { ACCESSED, DIRTY, HUGE, NO_EXECUTE, PRESENT, USER, WRITABLE } from "../../../arch/x86_64/pageTable";
import { tableIn } from "../../../arch/x86_64/physmap";
import { adoptLevels } from "../../../arch/x86_64/tableAccess";
import { allocateZeroedFrame } from "../../../kernel/mm/frameAllocator";
import { startSmallMachine } from "./simulatedMemory";

/** Index of the only entry in use at each level, from the PT up. */
const INDEX: u32 = 3;
const OFFSET: u64 = 0x123n;
const PERMISSIONS: u64 = WRITABLE | USER | NO_EXECUTE;
const PHYSICAL_BITS: u32 = 46;
const BEYOND: u64 = 1n << 47n;

class Way {
  /** The table of each level; index 0 is unused. */
  readonly tables: FixedArray<u64, 6>;
  address: u64;
  cases: u64;
}
const way = new Way();
const rules = new AccessRules();
const result = new AccessResult();

export function main(): void {
  startSmallMachine(64n);
  for (let levels: u32 = 4; levels <= 5; levels += 1) {
    adoptLevels(levels);
    makeWay();
    for (let leaf: u32 = 1; leaf <= 3; leaf += 1) everyPermission(leaf);
    for (let level: u32 = 1; level <= levels; level += 1) everyMistake(level);
    notCanonical();
  }
  log.info(`cases=${way.cases}`);
}

function makeWay(): void {
  way.address = OFFSET;
  for (let level: u32 = 1; level <= pagingLevels(); level += 1) {
    way.tables[level] = frameNumber(allocateZeroedFrame() ?? NO_FRAME);
    way.address |= u64(INDEX) << (12n + 9n * u64(level - 1));
  }
}

/** Leads down to a leaf of this level that maps frames from 0 on. */
function resetWay(leaf: u32): void {
  for (let level: u32 = leaf + 1; level <= pagingLevels(); level += 1) {
    setEntry(level, (way.tables[level - 1] << 12n) | PRESENT | WRITABLE | USER);
  }
  setEntry(leaf, leaf === 1 ? PRESENT | WRITABLE | USER : PRESENT | WRITABLE | USER | HUGE);
}

function setEntry(level: u32, bits: u64): void {
  tableIn(frameAt(way.tables[level])).entries[INDEX].setRaw(bits);
}

function entryOf(level: u32): u64 {
  return tableIn(frameAt(way.tables[level])).entries[INDEX].raw();
}

// --- Permissions -----------------------------------------------------------------------------------------------------

/** Three bits at three levels: the leaf, the one above and the root; those between agree with the root. */
function everyPermission(leaf: u32): void {
  resetWay(leaf);
  for (let choice: u32 = 0; choice < 512; choice += 1) {
    for (let level = leaf; level <= pagingLevels(); level += 1) {
      const shift: u32 = level === leaf ? 0 : level === leaf + 1 ? 3 : 6;
      setEntry(level, (entryOf(level) & ~(PERMISSIONS | ACCESSED | DIRTY)) | permissionsOf((choice >>> shift) & 7));
    }
    everyAccess(leaf);
  }
}

function permissionsOf(choice: u32): u64 {
  let bits: u64 = 0n;
  if ((choice & 1) !== 0) bits |= WRITABLE;
  if ((choice & 2) !== 0) bits |= USER;
  if ((choice & 4) !== 0) bits |= NO_EXECUTE;
  return bits;
}

function everyAccess(leaf: u32): void {
  for (let setting: u32 = 0; setting < 32; setting += 1) {
    setRules(setting);
    checkAccess(AccessKind.Read, leaf);
    checkAccess(AccessKind.Write, leaf);
    checkAccess(AccessKind.Execute, leaf);
  }
}

function setRules(setting: u32): void {
  rules.user = (setting & 1) !== 0;
  rules.alignmentCheck = (setting & 2) !== 0;
  rules.writeProtect = (setting & 4) !== 0;
  rules.smep = (setting & 8) !== 0;
  rules.smap = (setting & 16) !== 0;
  rules.noExecute = true;
  rules.physicalBits = PHYSICAL_BITS;
}

function checkAccess(kind: AccessKind, leaf: u32): void {
  way.cases += 1n;
  let all: u64 = WRITABLE | USER;
  let any: u64 = 0n;
  for (let level = leaf; level <= pagingLevels(); level += 1) {
    setEntry(level, entryOf(level) & ~(ACCESSED | DIRTY));
    all &= entryOf(level);
    any |= entryOf(level);
  }
  walkAccess(frameAt(way.tables[pagingLevels()]), way.address, kind, rules, result);
  const right = isRight(kind, (all & WRITABLE) !== 0n, (all & USER) !== 0n, (any & NO_EXECUTE) === 0n);
  assert((result.outcome === AccessOutcome.Translated) === right, `${kind} through ${hex(all)} ${hex(any)}`);
  assert(result.level === leaf, "the leaf decides");
  if (right) assert(result.physical === (way.address & (((1n << (9n * u64(leaf - 1))) << 12n) - 1n)), "to the byte");
  else assert(result.errorCode === codeOf(kind, 1n), `error code ${hex(result.errorCode)}`);
  checkNotes(kind, leaf, right);
}

/** SDM, "Access Rights": supervisor-mode and user-mode accesses to supervisor-mode and user-mode addresses. */
function isRight(kind: AccessKind, writable: bool, isUserAddress: bool, executable: bool): bool {
  if (rules.user) {
    if (!isUserAddress) return false;
    return kind === AccessKind.Read || (kind === AccessKind.Write ? writable : executable);
  }
  if (kind === AccessKind.Execute) return executable && !(isUserAddress && rules.smep);
  if (isUserAddress && rules.smap && !rules.alignmentCheck) return false;
  return kind === AccessKind.Read || writable || !rules.writeProtect;
}

function codeOf(kind: AccessKind, cause: u64): u64 {
  const user: u64 = rules.user ? 4n : 0n;
  const write: u64 = kind === AccessKind.Write ? 2n : 0n;
  const fetch: u64 = kind === AccessKind.Execute ? 16n : 0n;
  return cause | user | write | fetch;
}

/** Tables that were passed are accessed; the leaf only if the access was right, and dirty if that was a write. */
function checkNotes(kind: AccessKind, leaf: u32, right: bool): void {
  for (let level = leaf + 1; level <= pagingLevels(); level += 1) {
    assert((entryOf(level) & (ACCESSED | DIRTY)) === ACCESSED, "a table that was passed is accessed");
  }
  const expected: u64 = !right ? 0n : kind === AccessKind.Write ? ACCESSED | DIRTY : ACCESSED;
  assert((entryOf(leaf) & (ACCESSED | DIRTY)) === expected, "the leaf has what the access did");
}

// --- Mistakes --------------------------------------------------------------------------------------------------------

/** What can be wrong with the entry of one level, all others being right. */
function everyMistake(level: u32): void {
  for (let setting: u32 = 0; setting < 32; setting += 1) {
    setRules(setting);
    expectFault(level, 0n, 0n);
    expectFault(level, ~1n, 0n);
    expectFault(level, goodBits(level) | BEYOND, 9n);
    expectFault(level, goodBits(level) | (1n << 51n), 9n);
    if (level >= 4) expectFault(level, goodBits(level) | HUGE, 9n);
    if (level === 2 || level === 3) {
      expectFault(level, PRESENT | HUGE | (1n << 13n), 9n);
      expectFault(level, PRESENT | HUGE | (1n << 20n), 9n);
      if (level === 3) expectFault(level, PRESENT | HUGE | (1n << 29n), 9n);
    }
    rules.noExecute = false;
    expectFault(level, goodBits(level) | NO_EXECUTE, 9n);
  }
}

function goodBits(level: u32): u64 {
  return PRESENT | WRITABLE | USER | (level === 1 ? 0n : way.tables[level - 1] << 12n);
}

function expectFault(level: u32, bits: u64, cause: u64): void {
  for (let kind: u32 = 0; kind < 3; kind += 1) {
    way.cases += 1n;
    resetWay(1);
    setEntry(level, bits);
    const access = kind === 0 ? AccessKind.Read : kind === 1 ? AccessKind.Write : AccessKind.Execute;
    walkAccess(frameAt(way.tables[pagingLevels()]), way.address, access, rules, result);
    assert(result.outcome === AccessOutcome.Fault && result.level === level, `${hex(bits)} at level ${level}`);
    let code = codeOf(access, cause);
    if (!rules.noExecute && !rules.smep) code &= ~16n;
    assert(result.errorCode === code, `error code ${hex(result.errorCode)}, not ${hex(code)}`);
    assert(entryOf(level) === bits, "an entry that is wrong is left alone");
  }
}

function notCanonical(): void {
  const hole: u64 = 1n << (11n + 9n * u64(pagingLevels()));
  walkAccess(frameAt(way.tables[pagingLevels()]), hole, AccessKind.Read, rules, result);
  assert(result.outcome === AccessOutcome.NotCanonical && result.physical === physAddr(frameStart(NO_FRAME)));
}
