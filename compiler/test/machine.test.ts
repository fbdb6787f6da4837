// The simulated machine by itself: memory, translation, ports, and what generated code reaches it with.

import { describe, expect, it } from "vitest";
import { MachineError, PageFault } from "../machine/errors";
import { toAddress, toPointer } from "../machine/layout";
import { Machine } from "../machine/machine";
import { createRuntime, type Runtime } from "../machine/runtime/runtime";

const PRESENT = 1n;
const WRITABLE = 2n;
const WRITE_PROTECT = 1n << 16n;
const ROOT = 0x10_0000n;
/** Two pages, one behind the other, in frames that are not. */
const PAGES = 0x7000_0000_0000n;
const FRAMES = [0x50_0000n, 0x90_0000n];

/** A machine with tables that map PAGES, and the image where it is. */
function pagedMachine(flags = PRESENT | WRITABLE): { machine: Machine; runtime: Runtime } {
  const machine = new Machine({ dataBytes: 0x1_0000 });
  const runtime = createRuntime(machine);
  const tables = [ROOT, ROOT + 0x1000n, ROOT + 0x2000n, ROOT + 0x3000n];
  for (const [level, table] of tables.entries()) {
    const index = (PAGES >> BigInt(39 - 9 * level)) & 511n;
    const next = tables[level + 1];
    if (next !== undefined) machine.write64(table + index * 8n, next | PRESENT | WRITABLE);
    else for (const [page, frame] of FRAMES.entries()) machine.write64(table + BigInt(page) * 8n, frame | flags);
  }
  machine.registers.cr0 = WRITE_PROTECT;
  machine.registers.cr3 = ROOT;
  return { machine, runtime };
}

describe("memory", () => {
  it("reads as zeros until it is written, however far up", () => {
    const machine = new Machine();
    expect(machine.read64(0xf_ffff_ffff_f000n)).toBe(0n);
    machine.write64(0xf_ffff_ffff_f000n, 5n);
    expect(machine.read64(0xf_ffff_ffff_f000n)).toBe(5n);
  });

  it("shows the program at its physical address", () => {
    const machine = new Machine();
    const { allocate, store64 } = createRuntime(machine);
    const pointer = allocate(8, 8, "data");
    store64(pointer, 7n);
    const physical = toAddress(pointer) - machine.image.virtualAddress + machine.image.physicalAddress;
    expect(machine.read64(physical)).toBe(7n);
    expect(createRuntime(machine).load64(toPointer(machine.directMap + physical))).toBe(7n);
  });

  it("has no first page and nothing between the halves", () => {
    const { load8, store8 } = createRuntime(new Machine());
    expect(() => load8(0)).toThrow("page fault: read of 0x0000000000000000, error code 0");
    expect(() => store8(8, 1)).toThrow("page fault: write of 0x0000000000000008, error code 2");
  });

  it("is as at the start after a reset", () => {
    const machine = new Machine();
    const { allocate, initialise, load32, store32 } = createRuntime(machine);
    const pointer = allocate(4, 4, "data");
    initialise(() => store32(pointer, 5));
    machine.image.settle();
    store32(pointer, 6);
    machine.write64(0x100_0000n * 16n, 1n);
    machine.reset();
    expect([load32(pointer), machine.read64(0x100_0000n * 16n)]).toEqual([5, 0n]);
  });

  it("behind the program's storage is RAM, and zeros when storage comes there after a reset", () => {
    const machine = new Machine();
    const { allocate, load32 } = createRuntime(machine);
    const next = allocate(8, 8, "data") + 8;
    machine.write64(BigInt(next - machine.image.base + machine.image.physicalBase), 7n);
    expect(load32(next)).toBe(7);
    machine.reset();
    expect(load32(allocate(4, 4, "data"))).toBe(0);
  });
});

describe("accesses over the end of a page", () => {
  const end = toPointer(PAGES) + 0x1000;

  it.each([1, 2, 3, 4, 5, 6, 7])("go to both frames, %i bytes in the first", (before) => {
    const { machine, runtime } = pagedMachine();
    machine.paging = true;
    runtime.store64(end - before, 0x8877_6655_4433_2211n);
    expect(runtime.load64(end - before)).toBe(0x8877_6655_4433_2211n);
    expect(runtime.load32(end - 2)).toBe(Number(runtime.load64(end - 2) & 0xffff_ffffn));
    const first = machine.bytes((FRAMES[0] ?? 0n) + 0x1000n - BigInt(before), before);
    expect([...first]).toEqual([0x11, 0x22, 0x33, 0x44, 0x55, 0x66, 0x77].slice(0, before));
    expect(machine.bytes(FRAMES[1] ?? 0n, 8 - before)[7 - before]).toBe(0x88);
  });

  it("hold for copies and fills", () => {
    const { machine, runtime } = pagedMachine();
    machine.paging = true;
    runtime.fill(end - 3, 0xab, 6);
    runtime.copy(end - 8, end - 3, 6);
    expect([...runtime.readBytes(end - 8, 6)]).toEqual(new Array(6).fill(0xab));
  });
});

describe("translation", () => {
  it("obeys read-only pages only with CR0.WP", () => {
    const { machine } = pagedMachine(PRESENT);
    expect(() => machine.touch(PAGES, "write")).toThrow(PageFault);
    machine.registers.cr0 = 0n;
    expect(machine.touch(PAGES, "write")).toBe(FRAMES[0]);
  });

  it("marks a page dirty at the first write, though it has been read before", () => {
    const { machine } = pagedMachine();
    machine.touch(PAGES);
    expect(machine.walk(PAGES)?.dirty).toBe(false);
    machine.touch(PAGES, "write");
    expect(machine.walk(PAGES)?.dirty).toBe(true);
  });

  it("is not asked for again while the TLB knows it", () => {
    const { machine } = pagedMachine();
    machine.touch(PAGES);
    machine.touch(PAGES + 8n);
    expect(machine.tlb.misses).toBe(1);
    machine.tlb.invalidate(toPointer(PAGES));
    machine.touch(PAGES);
    expect(machine.tlb.misses).toBe(2);
  });
});

describe("ports", () => {
  it("are errors without a device, and keep what happened with one", () => {
    const { ports } = new Machine();
    expect(() => ports.read(0x60, 8)).toThrow(MachineError);
    expect(() => ports.write(0x60, 1, 8)).toThrow("out8: no device at port 0x60");
    ports.install(0x60, 2, { read: (port) => port & 0xf, write: () => undefined });
    ports.write(0x61, 9, 8);
    expect(ports.read(0x61, 8)).toBe(1);
    expect(ports.written(0x61)).toEqual([9]);
  });
});
