/**
 * Address spaces on the simulated processor: every access goes through its TLB and the tables that CR3 names, and what
 * it refuses goes to the fault path. The TLB forgets nothing by itself, so a flush that is missing is seen.
 */
import { beforeEach, describe, expect, test, vi } from "vitest";
import { pageAt, pageStart } from "../../arch/x86_64/addresses";
import { PageFault, machine } from "../../compiler/machine/session";
import {
  type AddressSpace,
  MapRequest,
  Placement,
  RemapRequest,
  cloneSpace,
  createSpace,
  destroySpace,
  discardPages,
  leaveSpace,
  mapPages,
  protectStretch,
  remapPages,
  switchSpace,
  unmapPages,
} from "../../kernel/mm/addressSpace";
import { FaultOutcome, resolveFault } from "../../kernel/mm/faults";
import { freeFrameCount, verifyCounters } from "../../kernel/mm/frameAllocator";
import { initMemory } from "../../kernel/mm/init";
import { SpaceResult } from "../../kernel/mm/regions";
import { EXECUTE, READ, RegionKind, WRITE } from "../../kernel/mm/regionTree";
import { bootInfo } from "./simulatedMachine.node";

/** Across the border of two leaf tables. */
const FIRST = 0x5_0000_0000n - 8n;

/** In storage of the program, which must be there before paging is on. */
let request: MapRequest;
let remap: RemapRequest;

beforeEach(() => {
  machine.reset();
  request = new MapRequest();
  remap = new RemapRequest();
  initMemory(bootInfo());
  machine.paging = true;
});

function create(): AddressSpace {
  const space = createSpace();
  if (space === null) throw new Error("no frame for an address space");
  return space;
}

function map(space: AddressSpace, index: bigint, pages: bigint, kind: RegionKind = RegionKind.Private): SpaceResult {
  request.kind = kind;
  request.placement = Placement.Replacing;
  request.access = READ | WRITE;
  request.first = pageAt(FIRST + index);
  request.pages = pages;
  return mapPages(space, request);
}

/** What an access of ring 3 comes to; the physical address where it works. */
function access(space: AddressSpace, index: bigint, kind: "read" | "write" | "execute"): bigint | FaultOutcome {
  const address = pageStart(pageAt(FIRST + index)) + 8n;
  try {
    return machine.touch(address, kind, true);
  } catch (error) {
    if (!(error instanceof PageFault)) throw error;
    const outcome = resolveFault(space, address, BigInt(error.errorCode));
    return outcome === FaultOutcome.Resolved ? machine.touch(address, kind, true) : outcome;
  }
}

/** Writes a word to a page of the space in use, as its program would. */
function write(space: AddressSpace, index: bigint, word: bigint): void {
  const physical = access(space, index, "write");
  if (typeof physical !== "bigint") throw new Error(`page ${index}: ${FaultOutcome[physical]}`);
  machine.write64(physical, word);
}

function read(space: AddressSpace, index: bigint): bigint {
  const physical = access(space, index, "read");
  if (typeof physical !== "bigint") throw new Error(`page ${index}: ${FaultOutcome[physical]}`);
  return machine.read64(physical);
}

describe("the processor finds what the fault path has mapped", () => {
  test("zero at first, then what was written", () => {
    const space = create();
    expect(map(space, 0n, 16n)).toBe(SpaceResult.Done);
    switchSpace(space);
    expect([read(space, 3n), read(space, 12n)]).toEqual([0n, 0n]);
    write(space, 12n, 7n);
    expect([read(space, 3n), read(space, 12n)]).toEqual([0n, 7n]);
    expect(machine.staleTranslations()).toEqual([]);
  });

  test("a copy for the first of two that writes, and the frame itself for the other", () => {
    const space = create();
    map(space, 0n, 2n);
    switchSpace(space);
    write(space, 0n, 1n);
    const clone = cloneSpace(space);
    if (clone === null) throw new Error("no frames for a clone");
    expect(machine.staleTranslations()).toEqual([]);
    write(space, 0n, 2n);
    switchSpace(clone);
    expect(read(clone, 0n)).toBe(1n);
    write(clone, 0n, 3n);
    switchSpace(space);
    expect(read(space, 0n)).toBe(2n);
  });

  test("nothing that the region does not allow", () => {
    const space = create();
    map(space, 0n, 2n);
    switchSpace(space);
    write(space, 0n, 1n);
    expect(access(space, 0n, "execute")).toBe(FaultOutcome.NoExecute);
    expect(protectStretch(space, pageAt(FIRST), 1n, READ | EXECUTE)).toBe(SpaceResult.Done);
    expect(access(space, 0n, "write")).toBe(FaultOutcome.NoWrite);
    expect(typeof access(space, 0n, "execute")).toBe("bigint");
    expect(protectStretch(space, pageAt(FIRST), 1n, 0)).toBe(SpaceResult.Done);
    expect(access(space, 0n, "read")).toBe(FaultOutcome.NoAccess);
    expect(access(space, 2n, "read")).toBe(FaultOutcome.NoRegion);
  });
});

test("a page is zeroed exactly once, and not when it is a copy or only read", () => {
  const space = create();
  map(space, 0n, 4n);
  switchSpace(space);
  write(space, 0n, 1n);
  const zeroed = (work: () => unknown): number => {
    const fill = vi.spyOn(machine.memory, "fill");
    work();
    const calls = fill.mock.calls.filter(([, value, bytes]) => value === 0 && bytes === 4096);
    fill.mockRestore();
    return calls.length;
  };
  expect(zeroed(() => read(space, 1n))).toBe(0);
  expect(zeroed(() => write(space, 1n, 1n))).toBe(1);
  expect(zeroed(() => write(space, 2n, 1n))).toBe(1);
  const clone = cloneSpace(space);
  expect(clone).not.toBeNull();
  expect(zeroed(() => write(space, 2n, 2n))).toBe(0);
});

/** Numbers that are the same in every run. */
function randomNumbers(): (limit: number) => number {
  let state = 1;
  return (limit) => {
    state = (Math.imul(state, 1103515245) + 12345) & 0x7fff_ffff;
    return (state >>> 8) % limit;
  };
}

test("no operation leaves anything stale in the TLB, whatever was touched before it", () => {
  const free = freeFrameCount();
  const random = randomNumbers();
  const space = create();
  switchSpace(space);
  const operations = [
    (at: bigint, pages: bigint) => map(space, at, pages, random(3) === 0 ? RegionKind.Shared : RegionKind.Private),
    (at: bigint, pages: bigint) => unmapPages(space, pageAt(FIRST + at), pages),
    (at: bigint, pages: bigint) => protectStretch(space, pageAt(FIRST + at), pages, random(6)),
    (at: bigint, pages: bigint) => discardPages(space, pageAt(FIRST + at), pages),
    (at: bigint, pages: bigint) => {
      Object.assign(remap, { first: pageAt(FIRST + at), oldPages: pages, newPages: pages + 3n, mayMove: true });
      return remapPages(space, remap);
    },
    () => {
      const clone = cloneSpace(space);
      if (clone !== null) destroySpace(clone);
      return SpaceResult.Done;
    },
  ];
  map(space, 0n, 16n);
  let done = 0;
  for (let step = 0; step < 800; step += 1) {
    for (let touch = 0; touch < 4; touch += 1) access(space, BigInt(random(20)), random(3) === 0 ? "read" : "write");
    if (operations[random(operations.length)]?.(BigInt(random(16)), BigInt(1 + random(5))) === SpaceResult.Done)
      done += 1;
    expect(machine.staleTranslations()).toEqual([]);
  }
  expect(done).toBeGreaterThan(300);
  leaveSpace();
  destroySpace(space);
  verifyCounters();
  expect(freeFrameCount()).toBe(free);
});
