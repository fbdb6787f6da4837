// The simulated machine, as tests see it. A program reaches it through the runtime; a test holds it in its hands.
//
//   access --> paging off: fixed windows (layout.ts) --+
//          --> paging on:  TLB, else page tables ------+--> physical memory (the image is part of it)

import { FAULT_PRESENT, MachineError, PageFault, type Access } from "./errors";
import { Identification } from "./identification";
import { Image } from "./image";
import { DIRECT_MAP, IMAGE_BASE, PAGE_MASK, PAGE_SIZE, toAddress, toPointer } from "./layout";
import { errorCode, isAllowed, lookUp, walk, type AccessMode, type Tables } from "./pageTables";
import { PhysicalMemory } from "./physicalMemory";
import { Ports } from "./ports";
import { Registers } from "./registers";
import { Tlb, type Translation } from "./tlb";

/** A line that the program has logged, while its own handler is not used. */
export interface LogLine {
  readonly level: "debug" | "info" | "warn" | "error";
  readonly subsystem: string;
  readonly text: string;
}

export interface MachineOptions {
  /** Room for the program's storage. */
  readonly dataBytes?: number;
  /** Virtual address of the program, as a pointer. */
  readonly imageBase?: number;
}

/** CPUID leaf with the widths of addresses. */
const ADDRESS_BITS_LEAF = 0x8000_0008;
/** Time stamp counter ticks per rdtsc. */
const TICKS = 100n;

export class Machine {
  readonly memory = new PhysicalMemory();
  readonly tlb = new Tlb();
  readonly cpuid = new Identification();
  readonly registers = new Registers(this.tlb, this.cpuid);
  readonly ports = new Ports();
  readonly image: Image;
  /** Functions written in assembly, by their symbols: what a test puts in their place. Not undone by a reset. */
  readonly assembly = new Map<string, (...args: never[]) => unknown>();
  /** What the program has logged. */
  readonly logs: LogLine[] = [];
  /** Whether panics and log lines go to the program's own handlers. Otherwise panics are thrown and lines recorded. */
  usesHandlers = false;
  /** The time stamp counter. */
  ticks = 0n;
  private walksTables = false;

  constructor(options: MachineOptions = {}) {
    this.image = new Image(options.dataBytes, options.imageBase);
    this.memory.share(this.image.physicalBase, this.image.buffer);
  }

  /** Where physical memory appears without paging: what a loader would tell the kernel as its direct map. */
  get directMap(): bigint {
    return toAddress(DIRECT_MAP);
  }

  /** Whether accesses go through the page tables that CR3 names. The image and the stack must be mapped then. */
  get paging(): boolean {
    return this.walksTables;
  }

  set paging(on: boolean) {
    this.image.settle();
    this.walksTables = on;
    this.image.directBytes = on ? 0 : this.image.buffer.byteLength;
  }

  /** Everything as at the start: storage, memory, registers, devices. What was loaded stays. */
  reset(): void {
    this.walksTables = false;
    this.image.directBytes = this.image.buffer.byteLength;
    this.memory.clear();
    this.tlb.clear();
    this.tlb.misses = 0;
    this.registers.reset();
    this.ports.reset();
    this.cpuid.reset();
    this.logs.length = 0;
    this.usesHandlers = false;
    this.ticks = 0n;
    this.image.reset();
  }

  // -------------------------------------------------------------------------------------------------------------------
  // Translation.

  /** The physical address of an access by the program. Not allowed: PageFault, and CR2 is set. */
  translate(pointer: number, access: Access): number {
    if (!this.walksTables) return this.flat(pointer, access);
    return this.through(pointer, this.modeOf(access, false));
  }

  private modeOf(access: Access, user: boolean): AccessMode {
    const { writeProtect, smep, smap } = this.registers;
    return { access, user, writeProtect, smep, smap };
  }

  /** What CR3, CR4 and CPUID say about page tables. */
  private get tables(): Tables {
    const physicalBits = this.cpuid.get(ADDRESS_BITS_LEAF).eax & 0xff;
    return { root: this.registers.cr3, levels: this.registers.pagingLevels, physicalBits };
  }

  private flat(pointer: number, access: Access): number {
    const inImage = pointer - this.image.base;
    if (inImage >= 0 && inImage < this.image.buffer.byteLength) return inImage + this.image.physicalBase;
    if (pointer >= PAGE_SIZE) return pointer;
    if (pointer >= DIRECT_MAP && pointer < IMAGE_BASE) return pointer - DIRECT_MAP;
    return this.fault(new PageFault(pointer, access, access === "write" ? 2 : 0));
  }

  private fault(fault: PageFault): never {
    this.registers.cr2 = fault.address;
    throw fault;
  }

  private through(pointer: number, mode: AccessMode): number {
    const known = this.tlb.find(pointer);
    const isUsable = known !== undefined && isAllowed(known, mode) && (mode.access !== "write" || known.dirty);
    const entry = isUsable ? known : this.fill(pointer, mode, known);
    return entry.physical + (pointer - entry.page);
  }

  /**
   * A TLB miss, or an access that the remembered translation does not allow: that one faults, or needs the dirty bit.
   */
  private fill(pointer: number, mode: AccessMode, known: Translation | undefined): Translation {
    if (known !== undefined && !isAllowed(known, mode)) {
      this.tlb.invalidate(pointer);
      this.fault(new PageFault(pointer, mode.access, errorCode(mode, FAULT_PRESENT)));
    }
    this.tlb.misses += 1;
    try {
      const entry = walk(this.memory, this.tables, pointer, mode, this.tlb);
      const kept = { ...entry, global: entry.global && this.registers.hasGlobalPages };
      this.tlb.insert(kept);
      return kept;
    } catch (error) {
      if (error instanceof PageFault) this.registers.cr2 = error.address;
      throw error;
    }
  }

  // -------------------------------------------------------------------------------------------------------------------
  // For tests.

  /**
   * Accesses an address through TLB and tables as the processor would, whether or not `paging` is on. The physical address.
   */
  touch(address: bigint, access: Access = "read", user = false): bigint {
    this.image.settle();
    return BigInt(this.through(toPointer(address), this.modeOf(access, user)));
  }

  /** What the tables say now about an address; undefined when it is not mapped. The TLB is neither asked nor filled. */
  walk(address: bigint): Translation | undefined {
    this.image.settle();
    return lookUp(this.memory, this.tables, toPointer(address));
  }

  /**
   * Translations of the context in use, and global ones, that the tables no longer give: each is a flush that somebody
   * forgot.
   */
  staleTranslations(): Translation[] {
    this.image.settle();
    return this.tlb.all().filter((entry) => {
      const now = lookUp(this.memory, this.tables, entry.page);
      return now === undefined || !sameTranslation(entry, now);
    });
  }

  /** Bytes of physical memory, not copied; they must lie in one page. */
  bytes(physical: bigint, length: number): Uint8Array {
    this.image.settle();
    const start = Number(physical);
    if ((start & PAGE_MASK) + length > PAGE_SIZE) throw new MachineError("bytes: at most to the end of a page");
    return this.memory.bytes(start, length);
  }

  read64(physical: bigint): bigint {
    this.image.settle();
    return this.memory.read64(Number(physical));
  }

  write64(physical: bigint, value: bigint): void {
    this.image.settle();
    this.memory.write64(Number(physical), value);
  }

  /** The next value of the time stamp counter. */
  tick(): bigint {
    this.ticks = BigInt.asUintN(64, this.ticks + TICKS);
    return this.ticks;
  }
}

const sameTranslation = (left: Translation, right: Translation): boolean =>
  left.physical === right.physical &&
  left.size === right.size &&
  left.writable === right.writable &&
  left.user === right.user &&
  left.executable === right.executable;
