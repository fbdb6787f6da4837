/**
 * What the boot of the memory management came to: for the boot report, tests and benchmarks. Filled in by initMemory.
 */

import { type VirtAddr } from "../../arch/x86_64/addresses";

export class MemoryReport {
  /** Frames of RAM, whatever they hold. */
  ramFrames: u64;
  /** Frames the allocator manages, once reclaimable memory has joined. */
  managedFrames: u64;
  /** Of these, free when the boot was done. */
  freeFrames: u64;
  /** Frames that were the loader's and joined the pool. */
  reclaimedFrames: u64;
  /** Frames that ACPI or the firmware keeps. */
  reservedFrames: u64;

  /** Frames the kernel keeps for itself: its image, the frame bitmap, what it knows about frames, its tables. */
  imageFrames: u64;
  bitmapFrames: u64;
  infoFrames: u64;
  tableFrames: u64;
  /** Whether the processor has 1 GiB pages, and so the direct map takes them where they fit. */
  uses1GiBPages: bool;
  /** Tables of the kernel's address space by level: 1 = PT .. 5 = PML5. Index 0 is unused. */
  readonly tables: FixedArray<u32, 6>;
  /** Leaves of the kernel's address space by level: 1 = 4 KiB, 2 = 2 MiB, 3 = 1 GiB. */
  readonly leaves: FixedArray<u64, 4>;

  /** Tables that were walked to prove that no page is writable and executable. */
  provenTables: u32;

  /** Where the framebuffer is mapped, write-combining. Means something only when BootInfo has one. */
  framebufferAddress: VirtAddr;

  /** Values of the time-stamp counter: when memory management started, and when each step was done. */
  startTicks: u64;
  mapTicks: u64;
  allocatorTicks: u64;
  tablesTicks: u64;
  /** CR3 holds the kernel's own tables: paging is on. */
  pagingOnTicks: u64;
  proofTicks: u64;
  reclaimTicks: u64;

  /** Frames the kernel keeps for itself, in all. */
  keptFrames(): u64 {
    return this.imageFrames + this.bitmapFrames + this.infoFrames + this.tableFrames;
  }
}

export const memoryReport = new MemoryReport();
