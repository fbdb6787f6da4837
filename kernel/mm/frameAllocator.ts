/**
 * The frame allocator: who owns which 4 KiB of physical memory.
 *
 *     summaries   ...                                        the last is one word
 *                 1: 1 bit per word of summary 0             a word covers   1 GiB
 *                 0: 1 bit per word                          a word covers  16 MiB
 *     words       free:    1 bit per frame, 1 = free         a word covers 256 KiB
 *                 managed: 1 bit per frame, 1 = ours at all
 *
 * A summary bit says that there is something free below it, so the next free frame is a few bit scans away however
 * full memory is: two for each summary, and 4 TiB need four. Allocation takes the lowest bit of the current word; only
 * when that word runs dry are the summaries looked at, and only then is the current word's own summary bit cleared. So
 * one bit may be stale, that of the current word, and no more.
 *
 * Every allocation and free changes the bitmap itself, and the counter beside it: there is no cache that the two
 * could disagree about. A frame that is managed and not free is allocated; a free of anything else is a bug of the
 * caller, and panics.
 *
 * The bitmap lies in usable memory, which it then does not manage.
 */

import {
  type Frame,
  type PhysAddr,
  frameAfter,
  frameContaining,
  frameStart,
  isPageAligned,
  uncheckedFrame,
} from "../../arch/x86_64/addresses";
import { frameToVirt, zeroFrame } from "../../arch/x86_64/physmap";
import { MemoryKind } from "../../boot/bootInfo";
import { type MemoryMap, type MemoryRegion } from "./memoryMap";

/** 64 frames: `free` is always a part of `managed`. */
class FrameWord {
  free: u64;
  managed: u64;
}
staticAssert(sizeOf<FrameWord>() === 16n);

const ALL_ONES: u64 = 0xffff_ffff_ffff_ffffn;
/** log2 of the frames in a word. */
const WORD_SHIFT: u64 = 6n;
const WORD_MASK: u64 = 63n;
/** log2 of the words, be they of a summary, that a word of the summary above stands for. */
const SUMMARY_SHIFT: u32 = 6;
/** Frames whose bitmap, summaries included, fills one frame: 4096 / 16 words of 64, less a little. */
const FRAMES_PER_BITMAP_FRAME: u64 = 16_000n;
/** Memory so sparse that its bitmap would take more than this part of it is left alone. */
const MAX_BITMAP_PART: u64 = 64n;

/** The first MiB, in frames: what real mode can reach, and so other CPUs at their start. */
const LOW_MEMORY_END: u64 = 256n;

class Pool {
  words: Slice<FrameWord>;
  /** The same words for who has checked the index. */
  checkedWords: Many<FrameWord>;
  /** The lowest first, and empty ones behind the last: six are enough for all words that a u32 can count. */
  readonly summaries: FixedArray<Slice<u64>, 6>;
  /** The word that allocation takes from, its index, and the number of its first frame. */
  current: Ref<FrameWord>;
  currentIndex: u32;
  currentBase: u64;
  freeCount: u64;
  managedCount: u64;
  bitmapFirst: Frame;
  bitmapFrames: u64;
}
const pool = new Pool();

/** Stands in for the current word as long as there is none. */
const noWord = new FrameWord();

// --- Single frames ---------------------------------------------------------------------------------------------------

/** Takes one frame, its content undefined. The caller owns it. Null when all are taken. */
export function allocateFrame(): Frame | null {
  const word = pool.current;
  const free = word.free;
  if (free === 0n) return allocateFromNextWord();
  word.free = free & (free - 1n);
  pool.freeCount -= 1n;
  return uncheckedFrame(pool.currentBase | u64(trailingZeros(free)));
}

/** Takes one frame filled with zero bytes. Null when all are taken. */
export function allocateZeroedFrame(): Frame | null {
  const frame = allocateFrame();
  if (frame !== null) zeroFrame(frame);
  return frame;
}

/** Gives a frame back. Free already, or never ours to give: panic. */
export function freeFrame(frame: Frame): void {
  const index = frame >> WORD_SHIFT;
  if (index >= u64(pool.words.length)) {
    freeRarely(frame);
    return;
  }
  const word = pool.checkedWords[u32(index)];
  const free = word.free;
  const isAllocated = ((free ^ word.managed) >> (frame & WORD_MASK)) & 1n;
  if (free === 0n || isAllocated === 0n) {
    freeRarely(frame);
    return;
  }
  word.free = free | (1n << (frame & WORD_MASK));
  pool.freeCount += 1n;
}

/** Gives back the frame that starts at this address. Not the start of a frame: panic. */
export function freeFrameAt(address: PhysAddr): void {
  if (!isPageAligned(address)) panic(`free of ${address}, which is not the start of a frame`);
  freeFrame(frameContaining(address));
}

// --- Runs ------------------------------------------------------------------------------------------------------------

/**
 * Takes `count` consecutive frames, the first a multiple of `alignment` (a power of two, in frames). First fit from the
 * bottom. Null when there is no such run.
 */
export function allocateFrames(count: u64, alignment: u64 = 1n): Frame | null {
  assert(count !== 0n, "a run has at least one frame");
  assert(alignment !== 0n && (alignment & (alignment - 1n)) === 0n, "the alignment of a run is a power of two");
  if (count > frameLimit()) return null;
  let start = nextFree(0n);
  while (start !== null) {
    const first = (start + alignment - 1n) & ~(alignment - 1n);
    if (first + count > frameLimit()) return null;
    const last = first + count - 1n;
    const blocked = firstNotFree(first, last);
    if (blocked === null) {
      takeRun(first, last);
      pool.freeCount -= count;
      return uncheckedFrame(first);
    }
    start = nextFree(blocked + 1n);
  }
  return null;
}

/** Gives `count` consecutive frames back. Any of them free already, or never ours: panic, with nothing freed. */
export function freeFrames(first: Frame, count: u64): void {
  assert(count !== 0n, "a run has at least one frame");
  if (count > frameLimit() || first + count > frameLimit()) refuseRun(first, count);
  const last: u64 = first + count - 1n;
  requireAllocated(first, last);
  giveRun(first, last);
  pool.freeCount += count;
}

// --- Counters --------------------------------------------------------------------------------------------------------

/** Frames that can be allocated now. */
export function freeFrameCount(): u64 {
  return pool.freeCount;
}

/** Frames under the allocator's control, allocated ones included. */
export function managedFrameCount(): u64 {
  return pool.managedCount;
}

/** Frames that the bitmap and its summaries take. */
export function bitmapFrameCount(): u64 {
  return pool.bitmapFrames;
}

/** One more than the highest frame the bitmap has a bit for. */
export function frameLimit(): u64 {
  return u64(pool.words.length) << WORD_SHIFT;
}

/** Whether the allocator controls this frame, free or not. */
export function isManaged(frame: Frame): bool {
  return frame < frameLimit() && (pool.words[u32(frame >> WORD_SHIFT)].managed & bitOf(frame)) !== 0n;
}

/** Whether the frame could be allocated now. */
export function isFree(frame: Frame): bool {
  return frame < frameLimit() && (pool.words[u32(frame >> WORD_SHIFT)].free & bitOf(frame)) !== 0n;
}

/** Counts the whole bitmap again and compares it with the counters and all summaries. Any difference: panic. */
export function verifyCounters(): void {
  let free: u64 = 0n;
  let managed: u64 = 0n;
  for (let i: u32 = 0; i < pool.words.length; i += 1) {
    const word = pool.words[i];
    free += u64(popCount(word.free));
    managed += u64(popCount(word.managed));
    assert((word.free & ~word.managed) === 0n, "a free frame must be a managed one");
    verifyMark(i, word.free !== 0n);
  }
  for (let level: u32 = 1; level < pool.summaries.length; level += 1) verifySummary(level);
  assert(free === pool.freeCount, `${free} frames are free, but the counter says ${pool.freeCount}`);
  assert(managed === pool.managedCount, `${managed} frames are managed, but the counter says ${pool.managedCount}`);
}

/** The summary bit of a word: exact, but for the current word, which may have run dry. */
function verifyMark(index: u32, hasFree: bool): void {
  if (index === pool.currentIndex && !hasFree) return;
  assert(isMarked(0, index) === hasFree, "a summary bit must say whether its word has any");
}

/** Each bit of this summary, if it is there, says whether there is anything in its word of the one below. */
function verifySummary(level: u32): void {
  if (pool.summaries[level].length === 0) return;
  const below = pool.summaries[level - 1];
  for (let i: u32 = 0; i < below.length; i += 1) {
    assert(isMarked(level, i) === (below[i] !== 0n), "a summary bit must say what is below it");
  }
}

function isMarked(level: u32, index: u32): bool {
  return (pool.summaries[level][index >> SUMMARY_SHIFT] & bitOf(u64(index))) !== 0n;
}

// --- Setting up ------------------------------------------------------------------------------------------------------

/**
 * Puts the bitmap into usable memory below frame `reachable`, where the loader's HHDM shows it, and every other
 * usable frame into the pool. Reclaimable memory has its place in the bitmap; `addFrames` brings it in later. No
 * room: panic.
 */
export function initFrameAllocator(map: MemoryMap, reachable: Frame): void {
  const limit = usefulLimit(map);
  const words = wordsFor(limit);
  const bytes = words * sizeOf<FrameWord>() + summaryWords(words) * 8n;
  const frames = (bytes + 4095n) >> 12n;
  placeBitmap(placeFor(map, frames, reachable), frames, words);
  for (let i: u32 = 0; i < map.length; i += 1) {
    const region = map.regions[i];
    if (region.kind === MemoryKind.Usable) addRegion(region, limit);
  }
}

/** Brings the whole frames of a region that became usable into the pool. Any of them ours already: panic. */
export function addFrames(first: Frame, end: Frame): void {
  const last: u64 = end < frameLimit() ? end : frameLimit();
  if (first >= last) return;
  let at: u64 = first;
  while (at < last) {
    if ((at & WORD_MASK) === 0n) at = addWholeWords(at, last);
    if (at < last) addToWord(pool.words[u32(at >> WORD_SHIFT)], spanMask(at, last));
    at = nextWord(at);
  }
  markWords(first, last);
  pool.managedCount += last - first;
  pool.freeCount += last - first;
}

/** Fills the words that lie wholly within `at` .. `end`, and returns the first frame after them. */
function addWholeWords(at: u64, end: u64): u64 {
  const first = u32(at >> WORD_SHIFT);
  const last = u32(end >> WORD_SHIFT);
  for (const word of subslice(pool.words, first, last)) addToWord(word, ALL_ONES);
  return u64(last) << WORD_SHIFT;
}

function addToWord(word: FrameWord, mask: u64): void {
  assert((word.managed & mask) === 0n, "memory joins the pool only once");
  word.managed |= mask;
  word.free |= mask;
}

/** A usable region without the bitmap, which lies in one of them. */
function addRegion(region: MemoryRegion, limit: u64): void {
  const end = region.end < limit ? region.end : uncheckedFrame(limit);
  const bitmapEnd = frameAfter(pool.bitmapFirst, pool.bitmapFrames);
  if (pool.bitmapFirst < region.first || pool.bitmapFirst >= region.end) {
    addFrames(region.first, end);
    return;
  }
  addFrames(region.first, pool.bitmapFirst);
  addFrames(bitmapEnd, end);
}

/** One more than the highest frame worth a bitmap: memory far above the rest may cost more than it brings. */
function usefulLimit(map: MemoryMap): u64 {
  let limit: u64 = 0n;
  let frames: u64 = 0n;
  let left: u64 = 0n;
  for (let i: u32 = 0; i < map.length; i += 1) {
    const region = map.regions[i];
    if (region.kind !== MemoryKind.Usable && region.kind !== MemoryKind.BootloaderReclaimable) continue;
    frames += region.end - region.first;
    left += region.end - region.first;
    if (region.end / FRAMES_PER_BITMAP_FRAME > frames / MAX_BITMAP_PART + 1n) continue;
    limit = region.end;
    left = 0n;
  }
  if (left !== 0n) log.warn(`${left} frames of memory lie too far from the rest to be worth a bitmap, and stay unused`);
  return limit;
}

/** Where the bitmap goes: the lowest place above 1 MiB if there is one, since low memory is scarce. */
function placeFor(map: MemoryMap, frames: u64, reachable: Frame): Frame {
  const place = placeAbove(map, LOW_MEMORY_END, frames, reachable) ?? placeAbove(map, 0n, frames, reachable);
  if (place === null) panic(`no usable memory has room for the ${frames} frames of the frame bitmap`);
  return place;
}

/** The first of `frames` consecutive usable frames, none below `lowest` or from `reachable` on. */
function placeAbove(map: MemoryMap, lowest: u64, frames: u64, reachable: Frame): Frame | null {
  for (let i: u32 = 0; i < map.length; i += 1) {
    const region = map.regions[i];
    const first: u64 = region.first > lowest ? region.first : lowest;
    const end: u64 = region.end < reachable ? region.end : reachable;
    if (region.kind === MemoryKind.Usable && first + frames <= end) return uncheckedFrame(first);
  }
  return null;
}

/** Words of so many bits. */
function wordsFor(bits: u64): u64 {
  return (bits + WORD_MASK) >> WORD_SHIFT;
}

/** Words of all summaries of so many words. */
function summaryWords(words: u64): u64 {
  let count = wordsFor(words);
  let all = count;
  while (count > 1n) {
    count = wordsFor(count);
    all += count;
  }
  return all;
}

function placeBitmap(first: Frame, frames: u64, words: u64): void {
  for (let i: u64 = 0n; i < frames; i += 1n) zeroFrame(frameAfter(first, i));
  const start: u64 = frameToVirt(first);
  pool.checkedWords = overlay<Many<FrameWord>>(start);
  pool.words = sliceOf(pool.checkedWords, u32(words));
  placeSummaries(start + words * sizeOf<FrameWord>(), wordsFor(words));
  pool.current = noWord;
  pool.currentIndex = 0;
  pool.currentBase = 0n;
  pool.freeCount = 0n;
  pool.managedCount = 0n;
  pool.bitmapFirst = first;
  pool.bitmapFrames = frames;
}

/** One after the other, the lowest first, which has so many words. */
function placeSummaries(start: u64, words: u64): void {
  let at = start;
  let count = words;
  for (let level: u32 = 0; level < pool.summaries.length; level += 1) {
    pool.summaries[level] = sliceOf(overlay<Many<u64>>(at), u32(count));
    at += count * 8n;
    count = count > 1n ? wordsFor(count) : 0n;
  }
}

// --- Summaries -------------------------------------------------------------------------------------------------------

/** The current word ran dry: goes on with the next that has any. */
function allocateFromNextWord(): Frame | null {
  if (pool.words[pool.currentIndex].free === 0n) clearWord(pool.currentIndex);
  const index = nextWordWithFree(pool.currentIndex);
  if (index === null) return null;
  const word = pool.words[index];
  const free = word.free;
  pool.current = word;
  pool.currentIndex = index;
  pool.currentBase = u64(index) << WORD_SHIFT;
  word.free = free & (free - 1n);
  pool.freeCount -= 1n;
  return uncheckedFrame(pool.currentBase | u64(trailingZeros(free)));
}

/**
 * The rare rest of `freeFrame`, out of its way: a frame of a word that had no free ones, or one that may not be
 * freed.
 */
function freeRarely(frame: Frame): void {
  if (!isManaged(frame) || isFree(frame)) refuseFree(frame);
  const index = u32(frame >> WORD_SHIFT);
  pool.words[index].free |= bitOf(frame);
  pool.freeCount += 1n;
  markWord(index);
}

calledRarely(allocateFromNextWord);
calledRarely(freeRarely);

/** A word with free frames: the lowest of the smallest part of memory around `from` that has any. Null: none anywhere. */
function nextWordWithFree(from: u32): u32 | null {
  let at = from;
  for (let level: u32 = 0; level < pool.summaries.length; level += 1) {
    const summary = pool.summaries[level];
    at >>= SUMMARY_SHIFT;
    if (at >= summary.length) return null;
    const marks = summary[at];
    if (marks !== 0n) return lowestUnder(level, (at << SUMMARY_SHIFT) | trailingZeros(marks));
  }
  return null;
}

/** The first word from `from` on that has free frames, says its summary: up until there is one, and down again. */
function nextMarked(from: u32): u32 | null {
  let at = from;
  for (let level: u32 = 0; level < pool.summaries.length; level += 1) {
    const summary = pool.summaries[level];
    const index = at >> SUMMARY_SHIFT;
    if (index >= summary.length) return null;
    const marks = summary[index] & bitsFrom(u64(at));
    if (marks !== 0n) return lowestUnder(level, (index << SUMMARY_SHIFT) | trailingZeros(marks));
    at = index + 1;
  }
  return null;
}

calledRarely(nextMarked);

/** The lowest word that this bit of a summary stands for, of those that are marked. */
function lowestUnder(level: u32, bit: u32): u32 {
  let at = bit;
  for (let below = level; below > 0; below -= 1) {
    at = (at << SUMMARY_SHIFT) | trailingZeros(pool.summaries[below - 1][at]);
  }
  return at;
}

/** A word went from none to some free frames: so says each summary, up to one that said so already. */
function markWord(index: u32): void {
  let at = index;
  for (const summary of pool.summaries) {
    const word = at >> SUMMARY_SHIFT;
    if (word >= summary.length) return;
    const before = summary[word];
    summary[word] = before | bitOf(u64(at));
    if (before !== 0n) return;
    at = word;
  }
}

/** A word has no free frames any more: so says each summary, up to one in which there is something else. */
function clearWord(index: u32): void {
  let at = index;
  for (const summary of pool.summaries) {
    const word = at >> SUMMARY_SHIFT;
    if (word >= summary.length) return;
    const left = summary[word] & ~bitOf(u64(at));
    summary[word] = left;
    if (left !== 0n) return;
    at = word;
  }
}

// --- Spans of frames, word by word -----------------------------------------------------------------------------------

/** The bit of a frame in its word, or of a word in its word of the summary. */
function bitOf(number: u64): u64 {
  return 1n << (number & WORD_MASK);
}

/** The first frame of the word after the one that holds `at`. */
function nextWord(at: u64): u64 {
  return (at | WORD_MASK) + 1n;
}

/** The index of the word that holds a frame below the limit. */
function wordOf(frame: u64): u32 {
  return u32.wrap(frame >> WORD_SHIFT);
}

/** The frame of the lowest of these bits in a word. */
function lowestFrame(index: u32, bits: u64): u64 {
  return (u64(index) << WORD_SHIFT) | u64(trailingZeros(bits));
}

/** In the word that holds `first`: its bit, and those above. */
function bitsFrom(first: u64): u64 {
  return ALL_ONES << (first & WORD_MASK);
}

/** In the word that holds `last`: its bit, and those below. */
function bitsUpTo(last: u64): u64 {
  return ALL_ONES >> (~last & WORD_MASK);
}

/** The bits of frames `at` up to `end`, as far as they lie in the word that holds `at`. */
function spanMask(at: u64, end: u64): u64 {
  if (end > (at | WORD_MASK)) return bitsFrom(at);
  return bitsFrom(at) & ~bitsFrom(end);
}

/** The first free frame from `from` on; null when there is none above. */
function nextFree(from: u64): u64 | null {
  let at = from;
  while (at < frameLimit()) {
    const free = pool.checkedWords[wordOf(at)].free & bitsFrom(at);
    if (free !== 0n) return lowestFrame(wordOf(at), free);
    const next = nextMarked(wordOf(at) + 1);
    if (next === null) return null;
    at = u64(next) << WORD_SHIFT;
  }
  return null;
}

// --- Runs, word by word: from `first` to `last`, which the caller has found below the limit --------------------------

/** The first frame that is not free; null when all are. */
function firstNotFree(first: u64, last: u64): u64 | null {
  let mask = bitsFrom(first);
  for (let index = wordOf(first); index < wordOf(last); index += 1) {
    const taken = mask & ~pool.checkedWords[index].free;
    if (taken !== 0n) return lowestFrame(index, taken);
    mask = ALL_ONES;
  }
  const taken = mask & bitsUpTo(last) & ~pool.checkedWords[wordOf(last)].free;
  return taken === 0n ? null : lowestFrame(wordOf(last), taken);
}

/** Makes free frames allocated. */
function takeRun(first: u64, last: u64): void {
  let mask = bitsFrom(first);
  for (let index = wordOf(first); index < wordOf(last); index += 1) {
    takeBits(index, mask);
    mask = ALL_ONES;
  }
  takeBits(wordOf(last), mask & bitsUpTo(last));
}

function takeBits(index: u32, mask: u64): void {
  const word = pool.checkedWords[index];
  word.free &= ~mask;
  if (word.free === 0n) clearWord(index);
}

/** Makes allocated frames free. */
function giveRun(first: u64, last: u64): void {
  let mask = bitsFrom(first);
  for (let index = wordOf(first); index < wordOf(last); index += 1) {
    giveBits(index, mask);
    mask = ALL_ONES;
  }
  giveBits(wordOf(last), mask & bitsUpTo(last));
}

function giveBits(index: u32, mask: u64): void {
  const word = pool.checkedWords[index];
  const free = word.free;
  word.free = free | mask;
  if (free === 0n) markWord(index);
}

/** Any frame that is free, or not ours: panic. */
function requireAllocated(first: u64, last: u64): void {
  let mask = bitsFrom(first);
  for (let index = wordOf(first); index < wordOf(last); index += 1) {
    requireBits(index, mask);
    mask = ALL_ONES;
  }
  requireBits(wordOf(last), mask & bitsUpTo(last));
}

function requireBits(index: u32, mask: u64): void {
  const word = pool.checkedWords[index];
  const refused = mask & ~(word.free ^ word.managed);
  if (refused !== 0n) refuseFree(uncheckedFrame(lowestFrame(index, refused)));
}

/** Says in the summaries that every word with one of these frames has free ones. At least one frame. */
function markWords(first: u64, end: u64): void {
  let low = first;
  let high = end - 1n;
  for (const summary of pool.summaries) {
    if (summary.length === 0) return;
    low >>= WORD_SHIFT;
    high >>= WORD_SHIFT;
    for (let at = low; at <= high; at = nextWord(at)) summary[u32(at >> WORD_SHIFT)] |= spanMask(at, high + 1n);
  }
}

// --- Refusing --------------------------------------------------------------------------------------------------------

/** Ends a free that breaks the rules; the stack trace names the caller. */
function refuseFree(frame: Frame): never {
  const start = frameStart(frame);
  if (isManaged(frame)) panic(`double free: the frame at ${start} is free already`);
  panic(`free of the frame at ${start}, which the frame allocator does not manage`);
}

function refuseRun(first: Frame, count: u64): never {
  panic(`free of ${count} frames from ${frameStart(first)} on, which go beyond what the frame allocator manages`);
}
