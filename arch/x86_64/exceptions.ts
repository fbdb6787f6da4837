/**
 * The 32 exceptions: names, and what their error codes say.
 *
 * Error code of #TS, #NP, #SS, #GP: which descriptor was at fault.
 *
 *      31 ...... 16 15 ........... 3   2     1     0
 *     +------------+----------------+-----+-----+-----+   EXT  the event came from outside the program
 *     |  0         |  index         | TI  | IDT | EXT |   IDT  index of a gate; else TI: LDT (1) or GDT (0)
 *     +------------+----------------+-----+-----+-----+
 *
 * Error code of #PF:
 *
 *         15     7 ... 5    4     3     2     1    0
 *     +-------+---+------+-----+-----+-----+-----+----+   P    0: not present, 1: permission    W/R  1: a write
 *     |  SGX  |   | 0 SS | I/D | RSVD| U/S | W/R | P  |   U/S  1: in ring 3     RSVD  1: a reserved bit is set
 *     +-------+---+------+-----+-----+-----+-----+----+   I/D  1: an instruction fetch
 *
 * Intel SDM Vol. 3A, "Exception and Interrupt Reference", "Error Code", "Page-Fault Exceptions".
 */

export const EXCEPTION_COUNT: u32 = 32;

/** Vectors that code names. */
export enum Vector {
  DivideError = 0,
  Debug = 1,
  Nmi = 2,
  Breakpoint = 3,
  Overflow = 4,
  BoundRange = 5,
  InvalidOpcode = 6,
  DeviceNotAvailable = 7,
  DoubleFault = 8,
  InvalidTss = 10,
  SegmentNotPresent = 11,
  StackFault = 12,
  GeneralProtection = 13,
  PageFault = 14,
  X87Error = 16,
  AlignmentCheck = 17,
  MachineCheck = 18,
  SimdError = 19,
}

/** What the manuals call an exception. */
export class ExceptionName {
  mnemonic: string;
  name: string;
}

const NAMES: FixedArray<ExceptionName, 32> = [
  { mnemonic: "#DE", name: "DIVIDE ERROR" },
  { mnemonic: "#DB", name: "DEBUG" },
  { mnemonic: "NMI", name: "NON-MASKABLE INTERRUPT" },
  { mnemonic: "#BP", name: "BREAKPOINT" },
  { mnemonic: "#OF", name: "OVERFLOW" },
  { mnemonic: "#BR", name: "BOUND RANGE EXCEEDED" },
  { mnemonic: "#UD", name: "INVALID OPCODE" },
  { mnemonic: "#NM", name: "DEVICE NOT AVAILABLE" },
  { mnemonic: "#DF", name: "DOUBLE FAULT" },
  { mnemonic: "#9", name: "COPROCESSOR SEGMENT OVERRUN" },
  { mnemonic: "#TS", name: "INVALID TSS" },
  { mnemonic: "#NP", name: "SEGMENT NOT PRESENT" },
  { mnemonic: "#SS", name: "STACK-SEGMENT FAULT" },
  { mnemonic: "#GP", name: "GENERAL PROTECTION FAULT" },
  { mnemonic: "#PF", name: "PAGE FAULT" },
  { mnemonic: "#15", name: "RESERVED EXCEPTION" },
  { mnemonic: "#MF", name: "X87 FLOATING-POINT ERROR" },
  { mnemonic: "#AC", name: "ALIGNMENT CHECK" },
  { mnemonic: "#MC", name: "MACHINE CHECK" },
  { mnemonic: "#XM", name: "SIMD FLOATING-POINT EXCEPTION" },
  { mnemonic: "#VE", name: "VIRTUALIZATION EXCEPTION" },
  { mnemonic: "#CP", name: "CONTROL PROTECTION EXCEPTION" },
  { mnemonic: "#22", name: "RESERVED EXCEPTION" },
  { mnemonic: "#23", name: "RESERVED EXCEPTION" },
  { mnemonic: "#24", name: "RESERVED EXCEPTION" },
  { mnemonic: "#25", name: "RESERVED EXCEPTION" },
  { mnemonic: "#26", name: "RESERVED EXCEPTION" },
  { mnemonic: "#27", name: "RESERVED EXCEPTION" },
  { mnemonic: "#HV", name: "HYPERVISOR INJECTION EXCEPTION" },
  { mnemonic: "#VC", name: "VMM COMMUNICATION EXCEPTION" },
  { mnemonic: "#SX", name: "SECURITY EXCEPTION" },
  { mnemonic: "#31", name: "RESERVED EXCEPTION" },
];

/** Bit n: exception n pushes an error code. #DF, #TS, #NP, #SS, #GP, #PF, #AC, #CP, #VC, #SX. */
const WITH_ERROR_CODE: u32 = 0x6022_7d00;

/** Names of an exception: 0 .. 31. */
export function exceptionName(vector: u32): ExceptionName {
  return NAMES[vector];
}

/** Whether the CPU pushes an error code. trapEntry.asm knows the same set. */
export function hasErrorCode(vector: u32): bool {
  return vector < EXCEPTION_COUNT && ((WITH_ERROR_CODE >> vector) & 1) !== 0;
}

/** Whether the error code names a descriptor. */
export function hasSelectorErrorCode(vector: u32): bool {
  return vector >= Vector.InvalidTss && vector <= Vector.GeneralProtection;
}

export const PAGE_FAULT_PRESENT: u64 = 1n << 0n;
export const PAGE_FAULT_WRITE: u64 = 1n << 1n;
export const PAGE_FAULT_USER: u64 = 1n << 2n;
export const PAGE_FAULT_RESERVED_BIT: u64 = 1n << 3n;
export const PAGE_FAULT_FETCH: u64 = 1n << 4n;
export const PAGE_FAULT_PROTECTION_KEY: u64 = 1n << 5n;

/** What the access tried: the three kinds exclude each other. */
export function pageFaultAccess(errorCode: u64): string {
  if ((errorCode & PAGE_FAULT_FETCH) !== 0n) return "instruction fetch";
  if ((errorCode & PAGE_FAULT_WRITE) !== 0n) return "write";
  return "read";
}

/** Why it was refused. */
export function pageFaultCause(errorCode: u64): string {
  if ((errorCode & PAGE_FAULT_RESERVED_BIT) !== 0n) return "reserved bit set in an entry";
  if ((errorCode & PAGE_FAULT_PROTECTION_KEY) !== 0n) return "present, protection key forbids it";
  if ((errorCode & PAGE_FAULT_PRESENT) !== 0n) return "page present, protection violation";
  return "page not present";
}

/** Which privilege it ran with. */
export function pageFaultMode(errorCode: u64): string {
  return (errorCode & PAGE_FAULT_USER) !== 0n ? "user mode" : "supervisor mode";
}

/** The table that a selector error code points into. */
export function selectorTable(errorCode: u64): string {
  if ((errorCode & 2n) !== 0n) return "IDT";
  return (errorCode & 4n) !== 0n ? "LDT" : "GDT";
}

/** The entry of that table. */
export function selectorIndex(errorCode: u64): u64 {
  return (errorCode >> 3n) & 0x1fffn;
}

/** Whether an event outside the program caused it. */
export function selectorIsExternal(errorCode: u64): bool {
  return (errorCode & 1n) !== 0n;
}
