/**
 * What the physical address space consists of: sorted, disjoint, page-aligned regions.
 *
 * Loaders promise little about their map: ranges may be unsorted, empty, unaligned, overlapping, of unknown type, or
 * beyond what the CPU can address. Here every range becomes two edges; a sweep over the sorted edges gives each
 * stretch to the kind that wins, and neighbours of one kind become one region:
 *
 *     usable      |==========================|              rounds inward
 *     reserved             |------|                         rounds outward
 *     kernel                            |####|              a claim, like frame 0, modules and the framebuffer
 *
 *     regions     | usable | resv | usab |krn|
 *
 * The doubt always goes against "usable": a frame is usable only when some range says so for all of its bytes and no
 * range says otherwise for any of them.
 *
 * Limine boot protocol, "Memory Map Feature".
 */

import {
  type Frame,
  type PhysAddr,
  MAX_PHYS_BITS,
  PAGE_SHIFT,
  PAGE_SIZE,
  pagesFor,
  uncheckedFrame,
} from "../../arch/x86_64/addresses";
import { MemoryKind, RawMemoryRange } from "../../boot/bootInfo";

/** Frames `first` up to, not including, `end`. */
export class MemoryRegion {
  first: Frame;
  end: Frame;
  kind: MemoryKind;
}

const MAX_REGIONS: u32 = 1024;

export class MemoryMap {
  readonly regions: FixedArray<MemoryRegion, 1024>;
  length: u32;
  /** Set when there were more regions than room: what lies above the last one is unknown, and so never handed out. */
  isTruncated: bool;
}

/** The map of this machine, once memory is initialised. */
export const memoryMap = new MemoryMap();

/**
 * An edge is one number, so that sorting is cheap: frame number, rank of the kind, and whether the range starts there.
 *
 *      63 ........................ 5   4 ..... 1    0
 *     +------------------------------+----------+-------+
 *     |  frame                       |  rank    | start |
 *     +------------------------------+----------+-------+
 */
const EDGE_FRAME_SHIFT: u64 = 5n;
const EDGE_RANK_SHIFT: u64 = 1n;
const EDGE_RANK_MASK: u64 = 15n;
const EDGE_START: u64 = 1n;

/** A raw range costs up to three claims of two edges; claims of the kernel's own come on top. */
const MAX_EDGES: u32 = 6400;

/** The map being built. Static: nothing can allocate yet. */
class Sweep {
  readonly edges: FixedArray<u64, 6400>;
  edgeCount: u32;
  /** Ranges that hold at the sweep's position, by rank, and one bit for each rank that has any. */
  readonly active: FixedArray<u32, 16>;
  activeRanks: u64;
  /** First byte address that the CPU cannot reach. */
  limit: u64;
}
const sweep = new Sweep();

// --- Building --------------------------------------------------------------------------------------------------------

/** Starts a new map for a CPU with this many physical address bits. */
export function beginMemoryMap(physicalBits: u64): void {
  const bits = physicalBits > MAX_PHYS_BITS ? MAX_PHYS_BITS : physicalBits;
  sweep.limit = 1n << bits;
  sweep.edgeCount = 0;
}

/** Adds a loader's range as it is. Unknown kinds, and ranges that run over the end of 64 bits, count as reserved. */
export function addRange(range: RawMemoryRange): void {
  if (range.length === 0n || range.base >= sweep.limit) return;
  const sum = wrappingAdd(range.base, range.length);
  const overflows = sum < range.base;
  const end = overflows || sum > sweep.limit ? sweep.limit : sum;
  const kind = overflows ? MemoryKind.Reserved : kindOf(range.kind);
  if (kind === MemoryKind.Usable) addInward(range.base, end, kind);
  else if (kind === MemoryKind.BootloaderReclaimable) addReclaimable(range.base, end);
  else addOutward(range.base, end, kind);
}

/** Takes memory away from "usable" for something the loader's map may not show: `bytes` bytes from `start`. */
export function addClaim(start: PhysAddr, bytes: u64, kind: MemoryKind): void {
  if (bytes === 0n || start >= sweep.limit) return;
  const sum = wrappingAdd<u64>(start, bytes);
  const end = sum < start || sum > sweep.limit ? sweep.limit : sum;
  addOutward(start, end, kind);
}

/** Sorts and sweeps. No usable frame at all: panic. */
export function finishMemoryMap(map: MemoryMap): void {
  sortEdges();
  map.length = 0;
  map.isTruncated = false;
  sweep.activeRanks = 0n;
  for (let rank: u32 = 0; rank < 16; rank += 1) sweep.active[rank] = 0;
  let from: u64 = 0n;
  for (const edge of subslice(sweep.edges, 0, sweep.edgeCount)) {
    const at = edge >> EDGE_FRAME_SHIFT;
    if (at > from && sweep.activeRanks !== 0n) appendRegion(map, from, at, winningKind());
    from = at;
    passEdge(edge);
  }
  if (framesOfKind(map, MemoryKind.Usable) === 0n) panic("the memory map has no usable memory");
}

// --- Asking ----------------------------------------------------------------------------------------------------------

/** The region that holds this frame, or null where nothing is known to be. */
export function regionOf(map: MemoryMap, frame: Frame): MemoryRegion | null {
  let low: u32 = 0;
  let high: u32 = map.length;
  while (low < high) {
    const middle = low + (high - low) / 2;
    if (map.regions[middle].end <= frame) low = middle + 1;
    else high = middle;
  }
  if (low === map.length || map.regions[low].first > frame) return null;
  return map.regions[low];
}

/** Whether memory of this kind is RAM that the HHDM shows. */
export function isRamKind(kind: MemoryKind): bool {
  switch (kind) {
    case MemoryKind.Usable:
    case MemoryKind.AcpiReclaimable:
    case MemoryKind.AcpiNvs:
    case MemoryKind.BootloaderReclaimable:
    case MemoryKind.KernelAndModules:
    case MemoryKind.ReservedMapped:
      return true;
    default:
      return false;
  }
}

/** Whether the frame is RAM that the HHDM shows. */
export function isRam(map: MemoryMap, frame: Frame): bool {
  const region = regionOf(map, frame);
  return region !== null && isRamKind(region.kind);
}

/** Frames of one kind. */
export function framesOfKind(map: MemoryMap, kind: MemoryKind): u64 {
  let frames: u64 = 0n;
  for (let i: u32 = 0; i < map.length; i += 1) {
    const region = map.regions[i];
    if (region.kind === kind) frames += region.end - region.first;
  }
  return frames;
}

// --- Edges -----------------------------------------------------------------------------------------------------------

/** Whole frames only: a partial frame is not usable. */
function addInward(base: u64, end: u64, kind: MemoryKind): void {
  addEdges(pagesFor(base), end >> PAGE_SHIFT, kind);
}

/** Every frame that a byte of the range touches. */
function addOutward(base: u64, end: u64, kind: MemoryKind): void {
  addEdges(base >> PAGE_SHIFT, pagesFor(end), kind);
}

/** Whole frames join the pool one day; the partial ones at the ends never do, but are not usable either. */
function addReclaimable(base: u64, end: u64): void {
  addInward(base, end, MemoryKind.BootloaderReclaimable);
  if (base % PAGE_SIZE !== 0n) addOutward(base, base + 1n, MemoryKind.Reserved);
  if (end % PAGE_SIZE !== 0n) addOutward(end - 1n, end, MemoryKind.Reserved);
}

function addEdges(first: u64, end: u64, kind: MemoryKind): void {
  if (first >= end) return;
  assert(sweep.edgeCount + 2 <= MAX_EDGES, "more memory ranges than a boot can bring");
  const rank = u64(rankOf(kind)) << EDGE_RANK_SHIFT;
  sweep.edges[sweep.edgeCount] = (first << EDGE_FRAME_SHIFT) | rank | EDGE_START;
  sweep.edges[sweep.edgeCount + 1] = (end << EDGE_FRAME_SHIFT) | rank;
  sweep.edgeCount += 2;
}

/** Insertion sort: loaders' maps are nearly sorted, and then this is linear. */
function sortEdges(): void {
  const edges = subslice(sweep.edges, 0, sweep.edgeCount);
  for (let i: u32 = 1; i < edges.length; i += 1) {
    const edge = edges[i];
    let hole = i;
    while (hole > 0 && edges[hole - 1] > edge) {
      edges[hole] = edges[hole - 1];
      hole -= 1;
    }
    edges[hole] = edge;
  }
}

/** Keeps the count of ranges that hold from here on. */
function passEdge(edge: u64): void {
  const rank = u32((edge >> EDGE_RANK_SHIFT) & EDGE_RANK_MASK);
  if ((edge & EDGE_START) !== 0n) sweep.active[rank] += 1;
  else sweep.active[rank] -= 1;
  const bit: u64 = 1n << u64(rank);
  if (sweep.active[rank] === 0) sweep.activeRanks &= ~bit;
  else sweep.activeRanks |= bit;
}

function appendRegion(map: MemoryMap, first: u64, end: u64, kind: MemoryKind): void {
  if (map.length > 0) {
    const last = map.regions[map.length - 1];
    if (last.kind === kind && last.end === first) {
      last.end = uncheckedFrame(end);
      return;
    }
  }
  if (map.length === MAX_REGIONS) {
    map.isTruncated = true;
    return;
  }
  const region = map.regions[map.length];
  region.first = uncheckedFrame(first);
  region.end = uncheckedFrame(end);
  region.kind = kind;
  map.length += 1;
}

// --- Kinds -----------------------------------------------------------------------------------------------------------

/** The kind of a loader's number; what we do not know is reserved. */
function kindOf(value: u64): MemoryKind {
  switch (value) {
    case 0n:
      return MemoryKind.Usable;
    case 2n:
      return MemoryKind.AcpiReclaimable;
    case 3n:
      return MemoryKind.AcpiNvs;
    case 4n:
      return MemoryKind.BadMemory;
    case 5n:
      return MemoryKind.BootloaderReclaimable;
    case 6n:
      return MemoryKind.KernelAndModules;
    case 7n:
      return MemoryKind.Framebuffer;
    case 8n:
      return MemoryKind.ReservedMapped;
    default:
      return MemoryKind.Reserved;
  }
}

/** Who wins where ranges overlap: the first. Usable comes last. */
const KIND_OF_RANK: FixedArray<MemoryKind, 9> = [
  MemoryKind.Framebuffer,
  MemoryKind.BadMemory,
  MemoryKind.Reserved,
  MemoryKind.AcpiNvs,
  MemoryKind.ReservedMapped,
  MemoryKind.KernelAndModules,
  MemoryKind.AcpiReclaimable,
  MemoryKind.BootloaderReclaimable,
  MemoryKind.Usable,
];

/** Searched from the end: most memory is usable. */
function rankOf(kind: MemoryKind): u32 {
  let rank = KIND_OF_RANK.length - 1;
  while (KIND_OF_RANK[rank] !== kind) rank -= 1;
  return rank;
}

/** The kind that holds at the sweep's position. */
function winningKind(): MemoryKind {
  return KIND_OF_RANK[trailingZeros(sweep.activeRanks)];
}
