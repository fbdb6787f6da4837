/**
 * The control registers: the bits of them and of EFER that Tessera sets or reports, and a copy for reports.
 *
 * Intel SDM Vol. 3A, "Control Registers" and "Extended Feature Enable Register".
 */

/** x87 errors arrive as #MF, not through the interrupt controller. */
export const CR0_NUMERIC_ERROR: u64 = 1n << 5n;
/** The next x87 or SSE instruction raises #NM. */
export const CR0_TASK_SWITCHED: u64 = 1n << 3n;
/** WAIT obeys CR0_TASK_SWITCHED. */
export const CR0_MONITOR_COPROCESSOR: u64 = 1n << 1n;
/** x87 instructions raise #NM, SSE instructions #UD. */
export const CR0_EMULATION: u64 = 1n << 2n;
/** Read-only pages are read-only for ring 0 too. */
export const CR0_WRITE_PROTECT: u64 = 1n << 16n;

/** The address of the root table. */
export const CR3_ROOT: u64 = 0x000f_ffff_ffff_f000n;
/** The process context under CR4_PROCESS_CONTEXTS, else cache control. */
export const CR3_CONTEXT: u64 = 0xfffn;
/** In what is written: what the TLB knows by that context stays. Reads as 0. */
export const CR3_KEEP_CONTEXT: u64 = 1n << 63n;

/** Machine checks arrive as #MC; without it they shut the machine down. */
export const CR4_MACHINE_CHECK: u64 = 1n << 6n;
/** Global translations survive a CR3 write. */
export const CR4_GLOBAL_PAGES: u64 = 1n << 7n;
/** Ring 3 may not read the addresses of GDT, IDT and TSS. */
export const CR4_UMIP: u64 = 1n << 11n;
/** 5-level paging. Fixed by the loader: changing it in long mode faults. */
export const CR4_LA57: u64 = 1n << 12n;
/** The TLB tells translations apart by process contexts. May be set only while CR3_CONTEXT is 0. */
export const CR4_PROCESS_CONTEXTS: u64 = 1n << 17n;
/** Ring 0 may not execute pages of ring 3. */
export const CR4_SMEP: u64 = 1n << 20n;
/** Ring 0 may not read or write pages of ring 3, except between stac and clac. */
export const CR4_SMAP: u64 = 1n << 21n;

/** FXSAVE and SSE instructions work. */
export const CR4_FXSAVE: u64 = 1n << 9n;
/** Unmasked SSE exceptions arrive as #XM. */
export const CR4_SSE_EXCEPTIONS: u64 = 1n << 10n;
/** XSAVE, XGETBV and XSETBV work. */
export const CR4_XSAVE: u64 = 1n << 18n;

/** SYSCALL and SYSRET work. */
export const EFER_SYSTEM_CALLS: u64 = 1n << 0n;
/** Bit 63 of a page-table entry forbids execution. */
export const EFER_NO_EXECUTE: u64 = 1n << 11n;

/** What the control registers hold. */
export class ControlRegisters {
  cr0: u64;
  /** The address of the last page fault. */
  cr2: u64;
  cr3: u64;
  cr4: u64;
}

/** The address of the last page fault: CR2. */
export function pageFaultAddress(): u64 {
  return readCr2();
}

/** Reads them. */
export function readControlRegisters(registers: ControlRegisters): void {
  registers.cr0 = readCr0();
  registers.cr2 = readCr2();
  registers.cr3 = readCr3();
  registers.cr4 = readCr4();
}
