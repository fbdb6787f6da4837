/**
 * The registers of x87, SSE and AVX. The kernel is compiled without them, so they hold the running program's values
 * from one switch to the next, and are saved and restored there, all of them at once: a lazy switch would leave one
 * program's values within reach of another's speculation.
 *
 *     VectorState   0  FCW, FSW, ...   24 MXCSR   32 x87   160 XMM        the 512 bytes of FXSAVE
 *                 512  XSTATE_BV ...                                      header of XSAVE, 64 bytes
 *                 576  YMM high halves, ...                               by CPUID
 *
 * Intel SDM Vol. 1, "XSAVE Area", "FXSAVE Area".
 */

import { detectCpu } from "./cpu";
import { CR0_EMULATION, CR0_MONITOR_COPROCESSOR, CR0_TASK_SWITCHED } from "./controlRegisters";
import { CR4_FXSAVE, CR4_SSE_EXCEPTIONS, CR4_XSAVE } from "./controlRegisters";

declare function save_vectors(state: u64, components: u64): void;
declare function restore_vectors(state: u64, components: u64): void;
declare function save_vectors_legacy(state: u64): void;
declare function restore_vectors_legacy(state: u64): void;
declare function enable_vectors(components: u64): void;

/** Room for x87, SSE, AVX and AVX-512: 2696 bytes. */
@aligned(64)
export class VectorState {
  private control: u16;
  private readonly unused0: FixedArray<u8, 22>;
  private mxcsr: u32;
  private mxcsrMask: u32;
  private readonly registers: FixedArray<u8, 480>;
  /** Which components the rest holds, and how; with FXSAVE it means nothing. */
  private present: u64;
  private readonly header: FixedArray<u64, 7>;
  private readonly rest: FixedArray<u8, 2240>;

  /** What a new program starts with: all registers zero, all exceptions masked. */
  init(): void {
    zeroStruct(this);
    this.control = INITIAL_CONTROL;
    this.mxcsr = INITIAL_MXCSR;
  }

  /** Makes contents that a program has written such that the processor takes them. `mask`: as `mxcsrBits`. */
  admit(mask: u32): void {
    this.mxcsr &= mask;
    this.present &= vectors.components;
    zeroStruct(this.header);
  }

  /** Bits of MXCSR that this processor has. For a state that was saved. */
  mxcsrBits(): u32 {
    return this.mxcsrMask === 0 ? DEFAULT_MXCSR_BITS : this.mxcsrMask;
  }
}
staticAssert(offsetOf<VectorState>("mxcsr") === 24n);
staticAssert(offsetOf<VectorState>("present") === 512n);

const INITIAL_CONTROL: u16 = 0x037f;
const INITIAL_MXCSR: u32 = 0x1f80;
/** What a processor has that does not say. */
const DEFAULT_MXCSR_BITS: u32 = 0xffbf;

/** Bits of XCR0: x87, SSE, AVX, and the three parts of AVX-512. */
const COMPONENTS: u64 = 0b1110_0111n;
const LEGACY_COMPONENTS: u64 = 0b11n;

class Vectors {
  /** What XSAVE saves; 0: there is only FXSAVE. */
  components: u64;
  /** Bytes of a state that are in use. */
  bytes: u64 = 512n;
}
const vectors = new Vectors();

/** Lets programs use them. */
export function initVectors(): void {
  writeCr0((readCr0() | CR0_MONITOR_COPROCESSOR) & ~(CR0_EMULATION | CR0_TASK_SWITCHED));
  writeCr4(readCr4() | CR4_FXSAVE | CR4_SSE_EXCEPTIONS);
  const components = detectCpu().vectorComponents & COMPONENTS;
  if (components === 0n) return;
  writeCr4(readCr4() | CR4_XSAVE);
  enable_vectors(components);
  if (neededBytes() > sizeOf<VectorState>()) {
    vectors.components = LEGACY_COMPONENTS;
    enable_vectors(LEGACY_COMPONENTS);
  } else {
    vectors.components = components;
  }
  vectors.bytes = neededBytes();
}

/** Bytes of a VectorState that hold something. */
export function vectorStateBytes(): u64 {
  return vectors.bytes;
}

/** Bytes of an XSAVE area for what XCR0 has on now. */
function neededBytes(): u64 {
  const result = new CpuidResult();
  cpuid(0xd, 0, result);
  return u64(result.ebx);
}

/** Keeps what the registers hold. */
export function saveVectors(state: VectorState): void {
  if (vectors.components === 0n) save_vectors_legacy(addressOf(state));
  else save_vectors(addressOf(state), vectors.components);
}

/** Puts back what was kept. */
export function restoreVectors(state: VectorState): void {
  if (vectors.components === 0n) restore_vectors_legacy(addressOf(state));
  else restore_vectors(addressOf(state), vectors.components);
}
