// Control registers, MSRs and flags: what the privileged instructions read and write. The TLB follows CR3 and CR4.
//
// Intel SDM Vol. 3A, "Operations that Invalidate TLBs and Paging-Structure Caches", "Process-Context Identifiers".

import { MachineError } from "./errors";
import type { Identification } from "./identification";
import type { Tlb } from "./tlb";

/** CR0.WP: the supervisor obeys read-only pages. */
const WRITE_PROTECT = 1n << 16n;
/** CR4.PGE: global translations. */
const GLOBAL_PAGES = 1n << 7n;
/** CR4.LA57: five levels of page tables. */
const FIVE_LEVELS = 1n << 12n;
/** CR4.PCIDE: bits 11..0 of CR3 are the process context, and bit 63 of what is written there keeps the TLB. */
const PROCESS_CONTEXTS = 1n << 17n;
const CONTEXT_MASK = 0xfffn;
const KEEP_CONTEXT = 1n << 63n;
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

  constructor(
    private readonly tlb: Tlb,
    private readonly cpuid: Identification,
  ) {}

  get cr3(): bigint {
    return this.cr3Value;
  }

  /** Keeps what the TLB knows by the new context if bit 63 says so. Without contexts that bit is reserved. */
  set cr3(value: bigint) {
    const keeps = (value & KEEP_CONTEXT) !== 0n;
    if (keeps && !this.hasProcessContexts) throw new MachineError("CR3: bit 63 is reserved without CR4.PCIDE");
    this.cr3Value = value & ~KEEP_CONTEXT;
    this.tlb.context = this.hasProcessContexts ? Number(value & CONTEXT_MASK) : 0;
    if (!keeps) this.tlb.invalidateContext(this.tlb.context);
  }

  get cr4(): bigint {
    return this.cr4Value;
  }

  set cr4(value: bigint) {
    const changed = this.cr4Value ^ value;
    if ((changed & value & PROCESS_CONTEXTS) !== 0n) this.checkContextsCanBegin();
    this.cr4Value = value;
    const contextsEnd = (changed & ~value & PROCESS_CONTEXTS) !== 0n;
    if ((changed & GLOBAL_PAGES) !== 0n || contextsEnd) this.tlb.clear();
    if (!this.hasProcessContexts) this.tlb.context = 0;
  }

  private checkContextsCanBegin(): void {
    if (!this.cpuid.hasProcessContexts) throw new MachineError("CR4.PCIDE: the processor has no process contexts");
    if ((this.cr3Value & CONTEXT_MASK) !== 0n) throw new MachineError("CR4.PCIDE: bits 11..0 of CR3 must be zero");
  }

  get hasProcessContexts(): boolean {
    return (this.cr4Value & PROCESS_CONTEXTS) !== 0n;
  }

  /** INVPCID. Kinds as in the instruction. */
  invalidateContext(kind: bigint, context: bigint, pointer: number): void {
    if (!this.cpuid.hasInvpcid) throw new MachineError("invpcid: the processor does not have it");
    if (kind > 3n || context > CONTEXT_MASK) throw new MachineError("invpcid: no such kind or context");
    if (context !== 0n && kind < 2n && !this.hasProcessContexts)
      throw new MachineError("invpcid: there is only context 0");
    if (kind === 0n) this.tlb.invalidateIn(Number(context), pointer);
    else if (kind === 1n) this.tlb.invalidateContext(Number(context));
    else if (kind === 2n) this.tlb.clear();
    else this.tlb.invalidateNonGlobal();
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
    this.tlb.context = 0;
    this.rflags = INITIAL_FLAGS;
    this.msrs.clear();
    this.gdt = { base: 0n, limit: 0 };
    this.idt = { base: 0n, limit: 0 };
    this.taskRegister = 0;
    this.codeSegment = 0;
    this.dataSegment = 0;
  }
}
