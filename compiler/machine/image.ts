// The program in memory: text (addresses of functions, no code), rodata, data. Storage is handed out once and never
// taken back; its first content is written by initialisers, which a reset runs again.
//
//   base    text 1 MiB | rodata 3 MiB | data: the stack, then storage           | end of the buffer

import { IMAGE_BASE, IMAGE_PHYSICAL, PAGE_SIZE, toAddress, toPointer } from "./layout";
import { MachineError } from "./errors";

const MIB = 0x10_0000;
const TEXT_SIZE = MIB;
const RODATA_SIZE = 3 * MIB;
const STACK_SIZE = MIB;
/** Data, the stack included, when nothing else is asked for. */
const DEFAULT_DATA_SIZE = 60 * MIB;
/** Physical memory shares the image in chunks of this size. */
const GRANULE = 0x1_0000;

export type Section = "text" | "rodata" | "data";

interface Arena {
  readonly start: number;
  readonly end: number;
  next: number;
}

const roundUp = (value: number, align: number): number => Math.ceil(value / align) * align;

export class Image {
  readonly buffer: ArrayBuffer;
  readonly view: DataView;
  readonly physicalBase = IMAGE_PHYSICAL;
  /** Bytes from `base` on that accesses may reach without translation. */
  directBytes: number;
  private readonly arenas: Readonly<Record<Section, Arena>>;
  private readonly initialisers: (() => void)[] = [];
  private pending = 0;
  private readonly symbols = new Map<string, number>();
  /** The top of the stack; it grows down. */
  stackPointer: number;
  readonly stackLimit: number;
  private readonly stackTop: number;

  /** `base` is the virtual address of the first byte. */
  constructor(
    dataBytes = DEFAULT_DATA_SIZE,
    readonly base = IMAGE_BASE,
  ) {
    const size = TEXT_SIZE + RODATA_SIZE + STACK_SIZE + roundUp(dataBytes, GRANULE);
    this.buffer = new ArrayBuffer(size);
    this.directBytes = size;
    this.view = new DataView(this.buffer);
    const text = { start: base, end: base + TEXT_SIZE, next: base + 16 };
    const rodata = { start: text.end, end: text.end + RODATA_SIZE, next: text.end };
    this.stackLimit = rodata.end;
    this.stackTop = rodata.end + STACK_SIZE;
    this.stackPointer = this.stackTop;
    this.arenas = { text, rodata, data: { start: rodata.end, end: base + size, next: this.stackTop } };
  }

  /** Zeroed bytes of a section. */
  allocate(size: number, align: number, section: Section): number {
    const arena = this.arenas[section];
    const start = roundUp(arena.next, Math.max(align, 1));
    if (start + size > arena.end) throw new MachineError(`the simulated ${section} section is full`);
    arena.next = start + size;
    return start;
  }

  /** Adds code that writes the first content of storage. It runs before anything can look. */
  initialise(write: () => void): void {
    this.initialisers.push(write);
  }

  /** Runs the initialisers that have been added since the last time. */
  settle(): void {
    while (this.pending < this.initialisers.length) {
      const write = this.initialisers[this.pending];
      this.pending += 1;
      write?.();
    }
  }

  /** All storage as it was at the start. */
  reset(): void {
    const used = this.arenas.data.next - this.base;
    new Uint8Array(this.buffer, 0, used).fill(0);
    this.stackPointer = this.stackTop;
    this.pending = 0;
    this.settle();
  }

  // -------------------------------------------------------------------------------------------------------------------
  // Symbols.

  /** Where a loader would say that the program is. */
  get physicalAddress(): bigint {
    return BigInt(this.physicalBase);
  }

  get virtualAddress(): bigint {
    return toAddress(this.base);
  }

  /** Gives a symbol an address: as the linker script, an assembly file or exportC would. */
  define(name: string, address: number | bigint): void {
    this.symbols.set(name, typeof address === "bigint" ? toPointer(address) : address);
  }

  /** The address behind a symbol. The linker script's own follow the sections as they are now. */
  symbol(name: string): number {
    const known = this.symbols.get(name) ?? this.sectionSymbol(name);
    if (known === undefined) throw new MachineError(`no symbol '${name}': define it with machine.image.define`);
    return known;
  }

  /** `text_start` and the like, all page-aligned. */
  private sectionSymbol(name: string): number | undefined {
    const { text, rodata, data } = this.arenas;
    const dataEnd = roundUp(data.next, PAGE_SIZE);
    const limits = new Map([
      ["kernel_start", text.start],
      ["text_start", text.start],
      ["text_end", text.end],
      ["rodata_start", rodata.start],
      ["rodata_end", rodata.end],
      ["symbols_start", rodata.end],
      ["symbols_end", rodata.end],
      ["data_start", data.start],
      ["data_end", dataEnd],
      ["kernel_end", dataEnd],
    ]);
    return limits.get(name);
  }

  /** Virtual addresses of a section: its first byte, and the first behind it. */
  limits(section: Section): { start: bigint; end: bigint } {
    const arena = this.arenas[section];
    const end = section === "data" ? roundUp(arena.next, PAGE_SIZE) : arena.end;
    return { start: toAddress(arena.start), end: toAddress(end) };
  }
}
