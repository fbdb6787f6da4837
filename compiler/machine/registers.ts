// Control registers, MSRs and flags: what the privileged instructions read and write. The TLB follows CR3 and CR4.

import type { Tlb } from "./tlb";

/** CR0.WP: the supervisor obeys read-only pages. */
const WRITE_PROTECT = 1n << 16n;
/** CR4.PGE: global translations. */
const GLOBAL_PAGES = 1n << 7n;
/** CR4.LA57: five levels of page tables. */
const FIVE_LEVELS = 1n << 12n;
/** CR4.SMEP and CR4.SMAP: the supervisor neither executes nor touches user pages. */
const SMEP = 1n << 20n;
const SMAP = 1n << 21n;
/** Bit 1 of RFLAGS is always set. */
const INITIAL_FLAGS = 2n;
const INTERRUPT_FLAG = 1n << 9n;
/** RFLAGS.AC suspends SMAP. */
const ALIGNMENT_CHECK = 1n << 18n;

export class Registers {
  cr0 = 0n;
  cr2 = 0n;
  rflags = INITIAL_FLAGS;
  readonly msrs = new Map<number, bigint>();
  /** What lgdt, lidt, ltr and loadSegments have loaded. */
  gdt = { base: 0n, limit: 0 };
  idt = { base: 0n, limit: 0 };
  taskRegister = 0;
  codeSegment = 0;
  dataSegment = 0;
  private cr3Value = 0n;
  private cr4Value = 0n;

  constructor(private readonly tlb: Tlb) {}

  get cr3(): bigint {
    return this.cr3Value;
  }

  /** Intel SDM Vol. 3A, "Operations that Invalidate TLBs and Paging-Structure Caches". */
  set cr3(value: bigint) {
    this.cr3Value = value;
    if (this.hasGlobalPages) this.tlb.invalidateNonGlobal();
    else this.tlb.clear();
  }

  get cr4(): bigint {
    return this.cr4Value;
  }

  set cr4(value: bigint) {
    const changed = (this.cr4Value ^ value) & GLOBAL_PAGES;
    this.cr4Value = value;
    if (changed !== 0n) this.tlb.clear();
  }

  get hasGlobalPages(): boolean {
    return (this.cr4Value & GLOBAL_PAGES) !== 0n;
  }

  get writeProtect(): boolean {
    return (this.cr0 & WRITE_PROTECT) !== 0n;
  }

  get pagingLevels(): number {
    return (this.cr4Value & FIVE_LEVELS) === 0n ? 4 : 5;
  }

  get smep(): boolean {
    return (this.cr4Value & SMEP) !== 0n;
  }

  get smap(): boolean {
    return (this.cr4Value & SMAP) !== 0n && (this.rflags & ALIGNMENT_CHECK) === 0n;
  }

  /** What stac and clac do. */
  set alignmentCheck(on: boolean) {
    this.rflags = on ? this.rflags | ALIGNMENT_CHECK : this.rflags & ~ALIGNMENT_CHECK;
  }

  get interruptsEnabled(): boolean {
    return (this.rflags & INTERRUPT_FLAG) !== 0n;
  }

  set interruptsEnabled(enabled: boolean) {
    this.rflags = enabled ? this.rflags | INTERRUPT_FLAG : this.rflags & ~INTERRUPT_FLAG;
  }

  reset(): void {
    this.cr0 = 0n;
    this.cr2 = 0n;
    this.cr3Value = 0n;
    this.cr4Value = 0n;
    this.rflags = INITIAL_FLAGS;
    this.msrs.clear();
    this.gdt = { base: 0n, limit: 0 };
    this.idt = { base: 0n, limit: 0 };
    this.taskRegister = 0;
    this.codeSegment = 0;
    this.dataSegment = 0;
  }
}
