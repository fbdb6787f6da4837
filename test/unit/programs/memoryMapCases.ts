/** The map sanitiser, rule by rule: each case is a small map and the regions it must become. */
import { physAddr } from "../../../arch/x86_64/addresses";
import { MemoryKind, RawMemoryRange } from "../../../boot/bootInfo";
import { addClaim, addRange, beginMemoryMap, finishMemoryMap, isRam, MemoryMap } from "../../../kernel/mm/memoryMap";
import { uncheckedFrame } from "../../../arch/x86_64/addresses";

const map = new MemoryMap();

export function main(): void {
  emptyRangesVanish();
  unknownKindsAreReserved();
  usableRoundsInward();
  reservedRoundsOutward();
  reservedWinsOverlaps();
  neighboursMerge();
  unsortedIsSorted();
  claimsAreTakenOut();
  rangesEndAtTheLimit();
  overflowIsReserved();
  partialReclaimableFramesStayReserved();
  tooManyRegionsAreNotHandedOut();
  log.info("all cases passed");
}

function begin(): void {
  beginMemoryMap(40n);
}

function add(base: u64, length: u64, kind: u64): void {
  const range = new RawMemoryRange();
  range.base = base;
  range.length = length;
  range.kind = kind;
  addRange(range);
}

function finish(regions: u32): void {
  finishMemoryMap(map);
  assert(map.length === regions, `the map has ${map.length} regions, not ${regions}`);
}

function expect(index: u32, first: u64, end: u64, kind: MemoryKind): void {
  const region = map.regions[index];
  assert(
    region.first === first && region.end === end && region.kind === kind,
    `region ${index} is ${u64(region.first)} .. ${u64(region.end)}, ${region.kind}`,
  );
}

function emptyRangesVanish(): void {
  begin();
  add(0x1000n, 0x3000n, 0n);
  add(0x2000n, 0n, 1n);
  add(0n, 0n, 0n);
  finish(1);
  expect(0, 1n, 4n, MemoryKind.Usable);
}

function unknownKindsAreReserved(): void {
  begin();
  add(0x1000n, 0x1000n, 0n);
  add(0x2000n, 0x1000n, 9n);
  add(0x4000n, 0x1000n, u64.MAX);
  finish(3);
  expect(1, 2n, 3n, MemoryKind.Reserved);
  expect(2, 4n, 5n, MemoryKind.Reserved);
}

function usableRoundsInward(): void {
  begin();
  add(0x1001n, 0x2ffen, 0n);
  add(0x8001n, 0x1ffen, 0n);
  finish(1);
  expect(0, 2n, 3n, MemoryKind.Usable);
}

function reservedRoundsOutward(): void {
  begin();
  add(0x1000n, 0x4000n, 0n);
  add(0x2fffn, 2n, 1n);
  finish(3);
  expect(0, 1n, 2n, MemoryKind.Usable);
  expect(1, 2n, 4n, MemoryKind.Reserved);
  expect(2, 4n, 5n, MemoryKind.Usable);
}

function reservedWinsOverlaps(): void {
  begin();
  add(0x3000n, 0x2000n, 1n);
  add(0x1000n, 0x8000n, 0n);
  add(0x4000n, 0x2000n, 4n);
  finish(4);
  expect(0, 1n, 3n, MemoryKind.Usable);
  expect(1, 3n, 4n, MemoryKind.Reserved);
  expect(2, 4n, 6n, MemoryKind.BadMemory);
  expect(3, 6n, 9n, MemoryKind.Usable);
}

function neighboursMerge(): void {
  begin();
  add(0x1000n, 0x1000n, 0n);
  add(0x2000n, 0x2000n, 0n);
  add(0x3000n, 0x3000n, 0n);
  finish(1);
  expect(0, 1n, 6n, MemoryKind.Usable);
}

function unsortedIsSorted(): void {
  begin();
  add(0x9000n, 0x1000n, 0n);
  add(0x5000n, 0x1000n, 3n);
  add(0x1000n, 0x1000n, 0n);
  finish(3);
  expect(0, 1n, 2n, MemoryKind.Usable);
  expect(1, 5n, 6n, MemoryKind.AcpiNvs);
  expect(2, 9n, 10n, MemoryKind.Usable);
}

function claimsAreTakenOut(): void {
  begin();
  add(0n, 0x10_0000n, 0n);
  addClaim(physAddr(0n), 0x1000n, MemoryKind.Reserved);
  addClaim(physAddr(0x4800n), 0x1000n, MemoryKind.KernelAndModules);
  addClaim(physAddr(0x8000n), 0n, MemoryKind.KernelAndModules);
  addClaim(physAddr(0x8_0000n), 0x10_0000n, MemoryKind.Framebuffer);
  finish(5);
  expect(0, 0n, 1n, MemoryKind.Reserved);
  expect(1, 1n, 4n, MemoryKind.Usable);
  expect(2, 4n, 6n, MemoryKind.KernelAndModules);
  expect(3, 6n, 0x80n, MemoryKind.Usable);
  expect(4, 0x80n, 0x180n, MemoryKind.Framebuffer);
  assert(isRam(map, uncheckedFrame(4n)) && !isRam(map, uncheckedFrame(0x80n)), "a framebuffer is no RAM");
  assert(!isRam(map, uncheckedFrame(0x180n)), "nothing is known above");
}

function rangesEndAtTheLimit(): void {
  begin();
  add((1n << 40n) - 0x2000n, 0x10_0000n, 0n);
  add(1n << 40n, 0x1000n, 0n);
  add(1n << 60n, 0x1000n, 0n);
  finish(1);
  expect(0, (1n << 28n) - 2n, 1n << 28n, MemoryKind.Usable);
}

function overflowIsReserved(): void {
  begin();
  add(0x1000n, 0x9000n, 0n);
  add(0x5000n, u64.MAX, 0n);
  finish(2);
  expect(0, 1n, 5n, MemoryKind.Usable);
  expect(1, 5n, 1n << 28n, MemoryKind.Reserved);
}

function partialReclaimableFramesStayReserved(): void {
  begin();
  add(0x1000n, 0x800n, 0n);
  add(0x1800n, 0x3000n, 5n);
  add(0x5000n, 0x1000n, 0n);
  finish(4);
  expect(0, 1n, 2n, MemoryKind.Reserved);
  expect(1, 2n, 4n, MemoryKind.BootloaderReclaimable);
  expect(2, 4n, 5n, MemoryKind.Reserved);
  expect(3, 5n, 6n, MemoryKind.Usable);
}

/** 1024 raw ranges of alternate kinds, and gaps: more regions than the map keeps. */
function tooManyRegionsAreNotHandedOut(): void {
  begin();
  for (let i: u64 = 0n; i < 1000n; i += 1n) add(i * 0x4000n, 0x1000n, 0n);
  for (let i: u64 = 0n; i < 1000n; i += 1n) add(i * 0x4000n + 0x2000n, 0x1000n, 1n);
  finish(1024);
  assert(map.isTruncated, "the map must say that it is not all");
  expect(1023, 1023n * 2n, 1023n * 2n + 1n, MemoryKind.Reserved);
}
