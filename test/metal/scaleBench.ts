/**
 * What the frame allocator costs as memory grows: events like those of memoryBench.ts, for memory that is only said to
 * be there. The allocator never touches frames, only its bitmap, which lies in real ones.
 *
 *     0 ...... real RAM: | the bitmap | ......      1 GiB | simulated: 128 MiB .. 1 TiB |
 *
 * The allocator that the kernel has is gone afterwards: nothing may come after this.
 */
import { type Frame, frameAfter, frameAt, uncheckedFrame } from "../../arch/x86_64/addresses";
import { readTimestamp } from "../../arch/x86_64/timestamp";
import { MemoryKind } from "../../boot/bootInfo";
import { event } from "../../kernel/log";
import { allocateFrame, allocateFrames, freeFrame, initFrameAllocator } from "../../kernel/mm/frameAllocator";
import { MemoryMap } from "../../kernel/mm/memoryMap";

const ROUNDS: u64 = 1000n;
/** Frames that hold the largest bitmap. */
const BITMAP_FRAMES: u64 = 17_000n;
/** Where the simulated memory begins: 1 GiB, in frames. */
const SIMULATED: u64 = 1n << 18n;
const FRAMES_PER_MIB: u64 = 256n;

const map = new MemoryMap();

export function benchScale(): void {
  const bitmap = allocateFrames(BITMAP_FRAMES);
  if (bitmap === null) panic("no frames for a bitmap of 1 TiB");
  benchSize(bitmap, "128M", 128n);
  benchSize(bitmap, "1G", 1024n);
  benchSize(bitmap, "16G", 16n * 1024n);
  benchSize(bitmap, "128G", 128n * 1024n);
  benchSize(bitmap, "1T", 1024n * 1024n);
}

function benchSize(bitmap: Frame, name: string, mebibytes: u64): void {
  const frames = mebibytes * FRAMES_PER_MIB;
  map.length = 0;
  addUsable(bitmap, BITMAP_FRAMES);
  addUsable(frameAt(SIMULATED), frames);
  initFrameAllocator(map, frameAfter(bitmap, BITMAP_FRAMES));
  benchPair(name);
  benchWorst(name, SIMULATED + frames - 1n, frames);
}

function addUsable(first: Frame, frames: u64): void {
  const region = map.regions[map.length];
  region.first = first;
  region.end = frameAfter(first, frames);
  region.kind = MemoryKind.Usable;
  map.length += 1;
}

function benchPair(name: string): void {
  for (let round: u32 = 0; round < 2; round += 1) {
    const start = readTimestamp();
    for (let i: u64 = 0n; i < ROUNDS; i += 1n) {
      const frame = allocateFrame();
      if (frame !== null) freeFrame(frame);
    }
    if (round === 1) report("frame-pair", name, ROUNDS, start);
  }
}

/** All is taken, the last allocation was at the top, and the one frame that is free is at the bottom. */
function benchWorst(name: string, last: u64, frames: u64): void {
  assert(allocateFrames(frames) !== null, "the simulated memory is one run");
  while (allocateFrame() !== null);
  freeFrame(uncheckedFrame(last));
  assert(takeFrame() === last, "the only one that is free");
  const behind = uncheckedFrame(last - frames + 1n);
  freeFrame(behind);
  const start = readTimestamp();
  const frame = allocateFrame();
  report("frame-worst", name, 1n, start);
  assert(frame !== null && u64(frame) === u64(behind), "and so is this one");
}

function takeFrame(): u64 {
  const frame = allocateFrame();
  assert(frame !== null, "a frame is free");
  return frame;
}

function report(what: string, name: string, count: u64, start: u64): void {
  const ticks = readTimestamp() - start;
  event(`bench name=${what}-${name} count=${count} ticks=${ticks}`);
}
