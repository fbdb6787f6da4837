/**
 * Who owns which frame, and how many share it: 16 bytes about every frame that is in use.
 *
 *     bitmap (frameAllocator.ts)     which frames are free
 *
 *     directory   1 entry per MiB:   address of its part, biased, so that part + 16 * frame is the frame's info
 *        |
 *     parts       1 frame per MiB:   | FrameInfo | FrameInfo | ... 256 of them
 *
 * Parts exist for memory only, not for the holes between, and are reserved at the boot, but not written: a part is
 * zeroed when the first frame of its MiB is acquired. Until then its directory entry is closed, and the way in
 * leads through `openPart`. An info is written when its frame is acquired and means nothing else while the frame is
 * free, but for the flag that says that the frame was poisoned.
 *
 *     acquire --> 1 reference --share--> 2 ... --release--> 1 --release--> back in the pool
 *
 * A frame that is in use but was not acquired here was taken by the boot: it is the kernel's, and is never released.
 *
 * In checked builds a frame is filled with a pattern when it goes back to the pool, and a sample of the pattern must
 * still be there when it is acquired again: who writes to a frame after its release is found out.
 */

import { type Frame, PAGE_SIZE, frameAfter, frameStart } from "../../arch/x86_64/addresses";
import { frameToVirt, frameWords, zeroFrame } from "../../arch/x86_64/physmap";
import { MemoryKind } from "../../boot/bootInfo";
import { allocateFrame, allocateFrames, frameLimit, freeFrame, freeFrames, isFree, isManaged } from "./frameAllocator";
import { type MemoryMap, isRam, memoryMap } from "./memoryMap";

/** What a frame is used for. */
export enum FrameOwner {
  /** In the pool, free. */
  Free,
  /** A page table of any level. */
  Table,
  /** Memory of a program or a task that is backed by nothing else. */
  Anonymous,
  /** The kernel's heap. */
  Heap,
  /** Content of a file. */
  File,
  /** The kernel's for good. */
  Kernel,
  /** A buffer that a device reads or writes, or no memory at all. */
  Device,
}

/** What is known about a frame in use. */
export class FrameInfo {
  /** A FrameOwner. */
  owner: u8;
  /** Bits of this file. */
  flags: u8;
  /** For tables: entries that are not empty. Kept by who changes the table; 0 when the frame is acquired. */
  liveEntries: u16;
  references: u32;
  /** Where the frame is mapped (reverseMap.ts); 0: nowhere that is recorded. */
  mapping: u64;
}
staticAssert(sizeOf<FrameInfo>() === 16n);

/** What is known about the frames of one MiB. */
class InfoPart {
  readonly infos: FixedArray<FrameInfo, 256>;
}
staticAssert(sizeOf<InfoPart>() === PAGE_SIZE);

/** The frame was filled with POISON when it went back to the pool. */
const POISONED: u8 = 1;
const POISON: u64 = 0xdead_f4a3_dead_f4a3n;
/** How many words of a poisoned frame are looked at, evenly spread. */
const POISON_SAMPLES: u32 = 16;

/** log2 of the frames that one part tells about; of the bytes of an info. */
const PART_SHIFT: u64 = 8n;
const PART_FRAMES: u64 = 1n << PART_SHIFT;
const INFO_SHIFT: u64 = 4n;
/** Bits of a directory entry beside the address: do not use it as it is; the part was never zeroed. */
const CLOSED: u64 = 1n;
const FRESH: u64 = 2n;
const ADDRESS_MASK: u64 = ~(CLOSED | FRESH) & u64.MAX;
/** Parts lie in runs of at most so many frames, the first ones within what the loader's tables show. */
const LONGEST_RUN: u64 = 1n << 14n;

class InfoDirectory {
  entries: Many<u64>;
  /** Parts, those of holes included. */
  length: u64;
  /** What is left of the run that parts are taken from. */
  next: Frame;
  left: u64;
  /** Frames that directory and parts take. */
  frames: u64;
  /** Acquisitions until one fails; 0: none does. */
  failAfter: u64;
  /** An acquisition has failed, and nobody has asked since. */
  wasShort: bool;
}
const directory = new InfoDirectory();

// --- Single frames ---------------------------------------------------------------------------------------------------

/** Takes a frame with one reference, its content undefined. Null when all are taken. */
export function acquireFrame(owner: FrameOwner): Frame | null {
  const frame = allocateFrame();
  if (frame === null) return noFrame();
  const part = directory.entries[u32(frame >> PART_SHIFT)];
  if ((part & CLOSED) !== 0n) return acquireRarely(frame, owner);
  startUse(frame, infoIn(part, frame), owner);
  return frame;
}

/** Takes a frame filled with zero bytes, with one reference. Null when all are taken. */
export function acquireZeroedFrame(owner: FrameOwner): Frame | null {
  const frame = acquireFrame(owner);
  if (frame !== null) zeroFrame(frame);
  return frame;
}

/** Adds a reference. Not acquired, or 2^32 - 1 references already: panic. */
export function shareFrame(frame: Frame): void {
  const info = usedInfo(frame);
  if (info.references === u32.MAX) panic(`the frame at ${frameStart(frame)} is shared too often`);
  info.references += 1;
}

/** Adds a reference to a frame that the caller vouches is acquired; this is its info. */
export function shareAcquired(frame: Frame, info: FrameInfo): void {
  if (info.references === u32.MAX) panic(`the frame at ${frameStart(frame)} is shared too often`);
  info.references += 1;
}

/** Takes a reference away from a frame that the caller vouches is acquired; this is its info. */
export function releaseAcquired(frame: Frame, info: FrameInfo): void {
  if (info.references > 1) {
    info.references -= 1;
    return;
  }
  if (CHECKED_BUILD && info.references === 0) refuse(frame);
  endUse(frame, info);
  freeFrame(frame);
}

/** Takes a reference away; with the last one the frame goes back to the pool, which is `true`. Not acquired: panic. */
export function releaseFrame(frame: Frame): bool {
  const info = usedInfo(frame);
  if (info.references > 1) {
    info.references -= 1;
    return false;
  }
  endUse(frame, info);
  freeFrame(frame);
  return true;
}

// --- Runs ------------------------------------------------------------------------------------------------------------

/**
 * Takes `count` consecutive frames, all of them below the frame `below`, the first a multiple of `alignment` (a power
 * of two, in frames): a buffer for a device. Each has one reference, its content undefined. Null when there is no
 * such run.
 */
export function acquireFrames(owner: FrameOwner, count: u64, alignment: u64, below: Frame): Frame | null {
  if (failsNow()) return noFrame();
  const first = allocateFrames(count, alignment);
  if (first === null) return noFrame();
  if (first + count > below) {
    freeFrames(first, count);
    return null;
  }
  for (let i: u64 = 0n; i < count; i += 1n) {
    const frame = frameAfter(first, i);
    startUse(frame, infoIn(openPart(frame), frame), owner);
  }
  return first;
}

/** Takes a reference away from each of `count` consecutive frames. Any of them not acquired: panic, nothing changed. */
export function releaseFrames(first: Frame, count: u64): void {
  for (let i: u64 = 0n; i < count; i += 1n) void usedInfo(frameAfter(first, i));
  for (let i: u64 = 0n; i < count; i += 1n) void releaseFrame(frameAfter(first, i));
}

// --- Running out -----------------------------------------------------------------------------------------------------

/** Whether an acquisition has failed since this was asked last: what was refused may work when some are free again. */
export function takeShortage(): bool {
  const was = directory.wasShort;
  directory.wasShort = false;
  return was;
}

/** The answer when there is no frame, which is remembered. */
function noFrame(): Frame | null {
  directory.wasShort = true;
  return null;
}

calledRarely(noFrame);

// --- Asking ----------------------------------------------------------------------------------------------------------

/** What the frame is used for. Frames that were taken at the boot are Kernel, what is no RAM is Device. */
export function frameOwner(frame: Frame): FrameOwner {
  if (!isManaged(frame)) return isRam(memoryMap, frame) ? FrameOwner.Kernel : FrameOwner.Device;
  if (isFree(frame)) return FrameOwner.Free;
  const entry = directory.entries[u32(frame >> PART_SHIFT)];
  if (!isInUse(entry)) return FrameOwner.Kernel;
  const owner = infoIn(entry & ADDRESS_MASK, frame).owner as FrameOwner;
  return owner === FrameOwner.Free ? FrameOwner.Kernel : owner;
}

/** References to the frame; 0 when it was not acquired. */
export function frameReferences(frame: Frame): u32 {
  return isManaged(frame) && !isFree(frame) ? frameInfo(frame).references : 0;
}

/** What is known about a frame. Outside of managed memory: panic. All zero where the frame was not acquired. */
export function frameInfo(frame: Frame): FrameInfo {
  const index = frame >> PART_SHIFT;
  if (index >= directory.length) refuse(frame);
  const part = directory.entries[u32(index)];
  return infoIn((part & CLOSED) === 0n ? part : openPart(frame), frame);
}

/** What is known about a frame that the caller vouches is acquired. */
export function acquiredInfo(frame: Frame): FrameInfo {
  return infoIn(directory.entries[u32(frame >> PART_SHIFT)] & ADDRESS_MASK, frame);
}

/** Frames by what they are used for. */
export class OwnerCounts {
  /** Indices are FrameOwners. What was taken at the boot is not among them. */
  readonly frames: FixedArray<u64, 7>;
}

/** Counts all frames that are acquired, by owner. Looks at each MiB that ever had one. */
export function countOwners(counts: OwnerCounts): void {
  zeroStruct(counts);
  for (let i: u32 = 0; u64(i) < directory.length; i += 1) {
    const entry = directory.entries[i];
    if (!isInUse(entry)) continue;
    const part = overlay<InfoPart>(wrappingAdd(entry & ADDRESS_MASK, u64(i) << (PART_SHIFT + INFO_SHIFT)));
    for (const info of part.infos) {
      if (info.references !== 0) counts.frames[info.owner] += 1n;
    }
  }
}

/** Frames that what is known about frames takes. */
export function frameInfoFrameCount(): u64 {
  return directory.frames;
}

// --- Failing on purpose ----------------------------------------------------------------------------------------------

/**
 * For tests: from now on `count` - 1 acquisitions, of a frame or of a run, are as always, and the one after fails as
 * if all frames were taken; then all is as always again. 0: no failure. Costs nothing as long as none is asked for:
 * all parts are closed until it has come.
 */
export function failFrameAfter(count: u64): void {
  directory.failAfter = count;
  for (let i: u32 = 0; u64(i) < directory.length; i += 1) {
    const entry = directory.entries[i];
    if (count !== 0n) directory.entries[i] = entry | CLOSED;
    else if (isInUse(entry)) directory.entries[i] = entry & ADDRESS_MASK;
  }
}

/** Whether a failure was asked for and has not come yet. */
export function frameFailurePending(): bool {
  return directory.failAfter !== 0n;
}

/** Counts an acquisition. True: it is the one that fails. */
function failsNow(): bool {
  if (directory.failAfter === 0n) return false;
  if (directory.failAfter === 1n) {
    failFrameAfter(0n);
    return true;
  }
  directory.failAfter -= 1n;
  return false;
}

// --- Setting up ------------------------------------------------------------------------------------------------------

/**
 * Reserves the directory and the parts for all memory that the pool has or will have, above 1 MiB where possible.
 * After `initFrameAllocator`, and before any frame is acquired. No room: panic.
 */
export function initFrames(map: MemoryMap): void {
  directory.length = (frameLimit() + PART_FRAMES - 1n) >> PART_SHIFT;
  directory.failAfter = 0n;
  directory.left = 0n;
  directory.frames = (directory.length * 8n + PAGE_SIZE - 1n) / PAGE_SIZE;
  const first = reserve(directory.frames);
  if (first === null) panic(`no memory for the ${directory.frames} frames of the directory of frames`);
  directory.entries = overlay<Many<u64>>(frameToVirt(first));
  for (let i: u32 = 0; u64(i) < directory.length; i += 1) directory.entries[i] = CLOSED;
  for (let i: u32 = 0; i < map.length; i += 1) {
    const region = map.regions[i];
    if (region.kind === MemoryKind.Usable || region.kind === MemoryKind.BootloaderReclaimable) {
      addParts(region.first, region.end < frameLimit() ? region.end : frameLimit());
    }
  }
  giveRestBack();
}

/** Gives each MiB of the frames `first` up to `end` its part, but for those that have one. */
function addParts(first: u64, end: u64): void {
  for (let index = first >> PART_SHIFT; index << PART_SHIFT < end; index += 1n) {
    if (directory.entries[u32(index)] !== CLOSED) continue;
    if (directory.left === 0n) startRun();
    const address = wrappingSub(frameToVirt(directory.next), index << (PART_SHIFT + INFO_SHIFT));
    directory.entries[u32(index)] = address | CLOSED | FRESH;
    directory.next = frameAfter(directory.next, 1n);
    directory.left -= 1n;
    directory.frames += 1n;
  }
}

/** Reserves frames for parts: as many as there may be still, or a half, a quarter, ... if no run is that long. */
function startRun(): void {
  const wanted = directory.length < LONGEST_RUN ? directory.length : LONGEST_RUN;
  for (let count: u64 = wanted; count !== 0n; count >>= 1n) {
    const first = reserve(count);
    if (first !== null) {
      directory.next = first;
      directory.left = count;
      return;
    }
  }
  panic("no memory for what is to be known about frames");
}

/** Low memory is scarce: a run aligned to 1 MiB is never below. */
function reserve(count: u64): Frame | null {
  return allocateFrames(count, PART_FRAMES) ?? allocateFrames(count);
}

function giveRestBack(): void {
  if (directory.left !== 0n) freeFrames(directory.next, directory.left);
  directory.left = 0n;
}

// --- Infos -----------------------------------------------------------------------------------------------------------

/** Whether a directory entry leads to a part that was zeroed. */
function isInUse(entry: u64): bool {
  return entry !== CLOSED && (entry & FRESH) === 0n;
}

/** The info of a frame in its part. The sum wraps: parts are biased. */
function infoIn(part: u64, frame: Frame): FrameInfo {
  return overlay<FrameInfo>(wrappingAdd(part, frame << INFO_SHIFT));
}

/** The info of a frame that is acquired. Any other frame: panic. */
function usedInfo(frame: Frame): FrameInfo {
  const info = frameInfo(frame);
  if (info.references === 0) refuse(frame);
  return info;
}

/** The part of a frame, zeroed if it never was. The frame lies outside of managed memory: panic. */
function openPart(frame: Frame): u64 {
  const index = frame >> PART_SHIFT;
  if (index >= directory.length || directory.entries[u32(index)] === CLOSED) refuse(frame);
  const entry = directory.entries[u32(index)];
  const part = entry & ADDRESS_MASK;
  if ((entry & FRESH) !== 0n) {
    zeroStruct(overlay<InfoPart>(wrappingAdd(part, index << (PART_SHIFT + INFO_SHIFT))));
    directory.entries[u32(index)] = directory.failAfter === 0n ? part : part | CLOSED;
  }
  return part;
}

/** The rare rest of `acquireFrame`: the first frame of its MiB, or a failure is asked for. */
function acquireRarely(frame: Frame, owner: FrameOwner): Frame | null {
  if (failsNow()) {
    freeFrame(frame);
    return noFrame();
  }
  startUse(frame, infoIn(openPart(frame), frame), owner);
  return frame;
}

/** The pool gave this frame: it gets its owner and one reference. */
function startUse(frame: Frame, info: FrameInfo, owner: FrameOwner): void {
  if (CHECKED_BUILD && info.flags === POISONED) verifyPoison(frame);
  info.owner = u8(owner);
  info.flags = 0;
  info.liveEntries = 0;
  info.references = 1;
  info.mapping = 0n;
}

/** The frame goes back to the pool. */
function endUse(frame: Frame, info: FrameInfo): void {
  if (info.owner === u8(FrameOwner.Anonymous) && info.mapping !== 0n) {
    panic(`the frame at ${frameStart(frame)} goes back to the pool, but is said to be mapped`);
  }
  if (CHECKED_BUILD) poison(frame);
  info.owner = u8(FrameOwner.Free);
  info.flags = CHECKED_BUILD ? POISONED : 0;
  info.references = 0;
}

/** A reference to a frame that nobody acquired: says who has it. */
function refuse(frame: Frame): never {
  if (isManaged(frame)) panic(`the frame at ${frameStart(frame)} is not acquired: its owner is ${frameOwner(frame)}`);
  panic(`the frame at ${frameStart(frame)} is not managed: its owner is ${frameOwner(frame)}`);
}

// --- Poison ----------------------------------------------------------------------------------------------------------

function poison(frame: Frame): void {
  const words = frameWords(frame);
  for (let i: u32 = 0; i < words.length; i += 1) words[i] = POISON;
}

/** Looks at a sample of the words of a frame that was poisoned. Any of them was written to since: panic. */
function verifyPoison(frame: Frame): void {
  const words = frameWords(frame);
  const step = words.length / POISON_SAMPLES;
  for (let i: u32 = step - 1; i < words.length; i += step) {
    if (words[i] !== POISON) panic(`the frame at ${frameStart(frame)} was written to after its release, at word ${i}`);
  }
}
