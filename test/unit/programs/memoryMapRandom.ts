/**
 * The map sanitiser on 10,000 random maps: overlapping, unsorted, empty, unaligned, of unknown kinds, beyond 52 bits.
 * Each frame near anything that happens is asked of an oracle, which goes by the definition and knows nothing of
 * edges and sweeps:
 *
 *     a frame is usable when one usable range holds all of its bytes, and no other range, claim or limit touches any.
 *
 * Where the map fits the simulated memory, the frame allocator is started on it and emptied: it hands out nothing else.
 */
import { frameAt, physAddr, uncheckedFrame } from "../../../arch/x86_64/addresses";
import { MemoryKind, RawMemoryRange } from "../../../boot/bootInfo";
import {
  allocateFrame,
  bitmapFrameCount,
  freeFrameCount,
  initFrameAllocator,
  managedFrameCount,
  verifyCounters,
} from "../../../kernel/mm/frameAllocator";
import { addClaim, addRange, beginMemoryMap, finishMemoryMap, framesOfKind } from "../../../kernel/mm/memoryMap";
import { MemoryMap, regionOf } from "../../../kernel/mm/memoryMap";
import { Random } from "./random";
import { ARENA_FRAMES, useArena } from "./simulatedMemory";

const MAX_RANGES: u32 = 40;
/** Most ranges lie here, so that they overlap: every frame of it is checked. */
const SMALL_SPACE: u64 = 96n;

class Trial {
  readonly ranges: FixedArray<RawMemoryRange, 40>;
  count: u32;
  limitBits: u64;
  /** A claim, as of a kernel image. */
  claimStart: u64;
  claimBytes: u64;
}
const trial = new Trial();
const map = new MemoryMap();
const random = new Random();
const handedOut = new FixedArray<bool, 8192>();

class Tally {
  withMemory: u32;
  withAllocator: u32;
  frames: u64;
}
const tally = new Tally();

export function main(): void {
  run(10_000);
}

export function run(maps: u32): void {
  useArena();
  for (let i: u32 = 0; i < maps; i += 1) {
    makeTrial();
    if (!hasUsableFrame()) continue;
    tally.withMemory += 1;
    sanitise();
    checkShape();
    checkSmallSpace();
    checkNearEdges();
    if (fitsArena()) checkAllocator();
  }
  log.info(`maps=${maps} usable=${tally.withMemory} allocator=${tally.withAllocator} frames=${tally.frames}`);
}

// --- Making maps -----------------------------------------------------------------------------------------------------

function makeTrial(): void {
  trial.count = 1 + u32(random.below(u64(MAX_RANGES)));
  trial.limitBits = random.below(3n) === 0n ? 52n : 36n + random.below(17n);
  trial.claimStart = random.below(SMALL_SPACE) * 4096n + (random.below(2n) === 0n ? 0n : random.below(4096n));
  trial.claimBytes = random.below(4n) === 0n ? 0n : random.below(40_000n);
  for (let i: u32 = 0; i < trial.count; i += 1) makeRange(trial.ranges[i]);
}

function makeRange(range: RawMemoryRange): void {
  range.kind = randomKind();
  range.length = random.below(12n) === 0n ? 0n : randomSize();
  switch (random.below(10n)) {
    case 0n:
      range.base = (1n << 52n) - random.below(200_000n);
      break;
    case 1n:
      range.base = u64.MAX - random.below(200_000n);
      break;
    case 2n:
      range.base = random.next();
      break;
    case 3n:
      range.base = (1n << (36n + random.below(17n))) - random.below(100_000n);
      range.length = random.below(200_000n);
      break;
    default:
      range.base = random.below(SMALL_SPACE * 4096n);
      if (random.below(2n) === 0n) range.base -= range.base % 4096n;
      break;
  }
}

/** Half of them usable; some of kinds that nobody knows. */
function randomKind(): u64 {
  if (random.below(2n) === 0n) return 0n;
  return random.below(8n) === 0n ? random.next() : random.below(12n);
}

function randomSize(): u64 {
  switch (random.below(8n)) {
    case 0n:
      return random.below(4096n);
    case 1n:
      return random.next();
    case 2n:
      return random.below(1n << 40n);
    default:
      return random.below(30n) * 4096n + (random.below(2n) === 0n ? 0n : random.below(4096n));
  }
}

function sanitise(): void {
  beginMemoryMap(trial.limitBits);
  for (let i: u32 = 0; i < trial.count; i += 1) addRange(trial.ranges[i]);
  addClaim(physAddr(0n), 4096n, MemoryKind.Reserved);
  addClaim(physAddr(trial.claimStart), trial.claimBytes, MemoryKind.KernelAndModules);
  finishMemoryMap(map);
}

// --- The oracle ------------------------------------------------------------------------------------------------------

/** By the definition at the top of this file. */
function isUsable(frame: u64): bool {
  const first = frame << 12n;
  const last = first | 4095n;
  if (frame === 0n || frame >> 40n !== 0n || last >> trial.limitBits !== 0n) return false;
  if (touches(trial.claimStart, trial.claimBytes, first, last)) return false;
  let isCovered = false;
  for (let i: u32 = 0; i < trial.count; i += 1) {
    const range = trial.ranges[i];
    if (isTrusted(range)) {
      if (range.length !== 0n && range.base <= first && range.length - 1n >= last - range.base) isCovered = true;
    } else if (touches(range.base, range.length, first, last)) {
      return false;
    }
  }
  return isCovered;
}

/** Whether the range says "usable" and can mean it. */
function isTrusted(range: RawMemoryRange): bool {
  return range.kind === 0n && range.length <= u64.MAX - range.base;
}

/** Whether `bytes` bytes from `start` on, cut off at the end of 64 bits, have any in common with `first` .. `last`. */
function touches(start: u64, bytes: u64, first: u64, last: u64): bool {
  if (bytes === 0n) return false;
  const end = bytes - 1n > u64.MAX - start ? u64.MAX : start + (bytes - 1n);
  return start <= last && first <= end;
}

/**
 * Whether any frame is usable: at the first whole frame of some usable range, or right after something that blocks
 * it.
 */
function hasUsableFrame(): bool {
  for (let i: u32 = 0; i < trial.count; i += 1) {
    const range = trial.ranges[i];
    if (isUsable((range.base >> 12n) + 1n) || isUsable(range.base >> 12n)) return true;
    const end = wrappingAdd(range.base, range.length) >> 12n;
    if (isUsable(end) || isUsable(end + 1n)) return true;
  }
  const claimEnd = (trial.claimStart + trial.claimBytes) >> 12n;
  return isUsable(claimEnd) || isUsable(claimEnd + 1n) || isUsable(1n);
}

// --- Checking --------------------------------------------------------------------------------------------------------

/** Sorted, disjoint, not empty, neighbours of one kind merged, all below the limit. */
function checkShape(): void {
  for (let i: u32 = 0; i < map.length; i += 1) {
    const region = map.regions[i];
    assert(region.first < region.end, "a region must not be empty");
    assert(region.end <= 1n << (trial.limitBits - 12n), "a region must lie below the CPU's limit");
    if (i === 0) continue;
    const before = map.regions[i - 1];
    assert(before.end <= region.first, "regions must be sorted and disjoint");
    assert(before.end < region.first || before.kind !== region.kind, "neighbours of one kind must be one region");
  }
  assert(!map.isTruncated, "there is room for every region");
}

function checkSmallSpace(): void {
  for (let frame: u64 = 0n; frame < SMALL_SPACE + 40n; frame += 1n) checkFrame(frame);
}

/** The frames around both ends of every range. */
function checkNearEdges(): void {
  for (let i: u32 = 0; i < trial.count; i += 1) {
    const range = trial.ranges[i];
    checkAround(range.base >> 12n);
    checkAround(wrappingAdd(range.base, range.length) >> 12n);
  }
  checkAround(1n << (trial.limitBits - 12n));
  checkAround((trial.claimStart + trial.claimBytes) >> 12n);
}

function checkAround(frame: u64): void {
  const from = frame < 2n ? 0n : frame - 2n;
  for (let at = from; at <= frame + 2n; at += 1n) {
    if (at < 1n << 40n) checkFrame(at);
  }
}

function checkFrame(frame: u64): void {
  const region = regionOf(map, frameAt(frame));
  const said = region !== null && region.kind === MemoryKind.Usable;
  assert(said === isUsable(frame), `frame ${frame}: the map and the definition differ about usable`);
  tally.frames += 1n;
}

// --- The allocator ---------------------------------------------------------------------------------------------------

/** Whether all usable memory is in the arena, with room for a bitmap of one frame. */
function fitsArena(): bool {
  for (let i: u32 = 0; i < map.length; i += 1) {
    const region = map.regions[i];
    const counts = region.kind === MemoryKind.Usable || region.kind === MemoryKind.BootloaderReclaimable;
    if (counts && region.end > ARENA_FRAMES) return false;
  }
  return true;
}

/** Takes every frame there is: each usable, none twice, none of the bitmap's. */
function checkAllocator(): void {
  initFrameAllocator(map, uncheckedFrame(ARENA_FRAMES));
  assert(managedFrameCount() + bitmapFrameCount() === framesOfKind(map, MemoryKind.Usable), "all usable memory joins");
  for (let i: u32 = 0; i < 8192; i += 1) handedOut[i] = false;
  let frame = allocateFrame();
  while (frame !== null) {
    assert(isUsable(frame), `frame ${u64(frame)} was handed out, but is not usable`);
    assert(!handedOut[u32(frame)], `frame ${u64(frame)} was handed out twice`);
    handedOut[u32(frame)] = true;
    frame = allocateFrame();
  }
  assert(freeFrameCount() === 0n, "nothing is left");
  verifyCounters();
  tally.withAllocator += 1;
}
