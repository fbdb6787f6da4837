/**
 * The frame allocator, imported from its source and run on the simulated machine.
 */
import { beforeEach, expect, test } from "vitest";
import { frameAt, frameNumber, physAddr } from "../../arch/x86_64/addresses";
import { Panic, machine } from "../../compiler/machine/session";
import {
  allocateFrame,
  allocateFrames,
  allocateZeroedFrame,
  freeFrame,
  freeFrameAt,
  freeFrameCount,
  freeFrames,
  isFree,
  managedFrameCount,
  verifyCounters,
} from "../../kernel/mm/frameAllocator";
import { frameInfoFrameCount } from "../../kernel/mm/frames";
import { startMemory } from "./simulatedMachine.node";

beforeEach(startMemory);

test("every frame is handed out once, then none", () => {
  const seen = new Set<bigint>();
  for (let frame = allocateFrame(); frame !== null; frame = allocateFrame()) seen.add(frame);
  expect(BigInt(seen.size) + frameInfoFrameCount()).toBe(managedFrameCount());
  expect(freeFrameCount()).toBe(0n);
});

test("a frame that is given back is free again", () => {
  const frame = allocateFrame() ?? frameAt(0n);
  const free = freeFrameCount();
  freeFrame(frame);
  expect(isFree(frame)).toBe(true);
  expect(freeFrameCount()).toBe(free + 1n);
  verifyCounters();
});

test("a zeroed frame is zeroed", () => {
  const first = allocateFrame() ?? frameAt(0n);
  machine.bytes(frameNumber(first) << 12n, 4096).fill(0xab);
  freeFrame(first);
  const again = allocateZeroedFrame() ?? frameAt(0n);
  expect(again).toBe(first);
  expect(machine.bytes(frameNumber(again) << 12n, 4096).every((byte) => byte === 0)).toBe(true);
});

test("runs start at their alignment; one is the alignment that is not asked for", () => {
  const aligned = allocateFrames(3n, 512n) ?? frameAt(0n);
  expect(frameNumber(aligned) % 512n).toBe(0n);
  const plain = allocateFrames(3n) ?? frameAt(0n);
  freeFrames(aligned, 3n);
  freeFrames(plain, 3n);
  verifyCounters();
});

test("a double free panics at the line that found it", () => {
  const frame = allocateFrame() ?? frameAt(0n);
  freeFrame(frame);
  expect(() => freeFrame(frame)).toThrow(Panic);
  expect(() => freeFrame(frame)).toThrow(/^double free: the frame at 0x[0-9a-f]{16} is free already at kernel\/mm/);
});

test("a free of no frame's start panics", () => {
  expect(() => freeFrameAt(physAddr(0x1001n))).toThrow("free of 0x0000000000001001, which is not the start of a frame");
});

test("a reset undoes everything", () => {
  const free = freeFrameCount();
  allocateFrame();
  startMemory();
  expect(freeFrameCount()).toBe(free);
});
