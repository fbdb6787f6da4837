/**
 * What the kernel knows about its start, whoever started it: BootInfo, a copy that no loader memory hides behind.
 *
 *     Limine ------------------------------+
 *     GRUB (Multiboot2) --> boot/loader/ --+--> Limine responses --> readBootInfo() --> BootInfo
 *     QEMU -kernel (PVH) -> boot/loader/ --+    in loader memory      copies all        in kernel memory
 *
 * Types only; boot/limine.ts fills them.
 */

import { type PhysAddr, type VirtAddr } from "../arch/x86_64/addresses";

/** Ranges in the memory map of a loader that are kept. */
export const MAX_MEMORY_RANGES = 1024;
/** Modules that are kept. */
export const MAX_MODULES = 16;

/** Which of the kernel's entries was taken. */
export enum EntryKind {
  Limine,
  Multiboot2,
  Pvh,
}

/** What a range of physical memory is. The numbers are those of "The Limine Boot Protocol", "Memory Map Feature". */
export enum MemoryKind {
  Usable = 0,
  Reserved = 1,
  AcpiReclaimable = 2,
  AcpiNvs = 3,
  BadMemory = 4,
  /** Holds what the loader left behind: free once nothing of it is in use. */
  BootloaderReclaimable = 5,
  KernelAndModules = 6,
  Framebuffer = 7,
  /** Reserved, but shown by the loader's direct map (base revision 4). */
  ReservedMapped = 8,
}

/**
 * One range as the loader gave it: in any order, of any alignment, perhaps empty, perhaps overlapping others.
 * `kind` is a MemoryKind or a number nobody knows. Layout of `limine_memmap_entry`.
 */
export class RawMemoryRange {
  base: u64;
  length: u64;
  kind: u64;
}
staticAssert(sizeOf<RawMemoryRange>() === 24n);

/** A linear framebuffer of 32-bit pixels, eight bits for each colour. Fields mean something only when `present`. */
export class FramebufferInfo {
  present: bool;
  address: PhysAddr;
  /** In pixels. */
  width: u32;
  height: u32;
  /** Bytes from one line to the next. */
  pitch: u32;
  /** Always 32. */
  bitsPerPixel: u32;
  /** Number of the lowest bit of each colour within a pixel. */
  redShift: u8;
  greenShift: u8;
  blueShift: u8;
}

/** A file that the loader put into memory. */
export class ModuleInfo {
  start: PhysAddr;
  /** In bytes. */
  length: u64;
  /** Its command line when it has one, else the last part of its path. */
  name: string;
}

export class BootInfo {
  entry: EntryKind;
  loaderName: string;
  /** Empty when the loader does not say. */
  loaderVersion: string;
  /** The words after the kernel's name; empty when there are none. */
  commandLine: string;
  /** Base revision of the Limine boot protocol that the loader follows. */
  protocolRevision: u64;
  /** Where physical address 0 appears in the loader's direct map. */
  hhdmBase: u64;
  /** Where the first byte of the kernel image is, and where it runs. */
  kernelPhysBase: PhysAddr;
  kernelVirtBase: VirtAddr;
  memoryMap: FixedArray<RawMemoryRange, 1024>;
  memoryMapLength: u32;
  framebuffer: FramebufferInfo;
  /** The ACPI root pointer, in memory that stays as it is; 0: none. */
  rsdp: PhysAddr;
  modules: FixedArray<ModuleInfo, 16>;
  moduleCount: u32;
}
