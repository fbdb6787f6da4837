/**
 * How a signal reaches a program: its handler runs on its own stack, and afterwards the program goes on where it was.
 *
 *     RSP of the program   +--------------------------+
 *                          |  128 bytes: red zone     |  what a function may keep below RSP
 *                          |  x87, SSE, AVX registers |  64-byte aligned
 *                          |  siginfo                 |
 *                          |  ucontext                |  registers, and the signals that were blocked
 *     RSP of the handler   |  address of the restorer |  where it returns to: code that calls rt_sigreturn
 *                          +--------------------------+
 *
 * The program may change all of it, and rt_sigreturn believes none of it: what it may not have, it does not get.
 *
 * Linux man-pages: sigaction(2), sigreturn(2); struct rt_sigframe of arch/x86/include/asm/sigframe.h, and
 * uapi/asm/sigcontext.h. System V ABI AMD64, "The Stack Frame".
 */

import { SYSTEM_CALL_VECTOR } from "../../arch/x86_64/systemCall";
import { resumeFrame } from "../../arch/x86_64/taskSwitch";
import { type TrapFrame, enterFunction, setProgramFlags } from "../../arch/x86_64/trapFrame";
import { restoreVectors, saveVectors, vectorStateBytes } from "../../arch/x86_64/vectors";
import { SpaceResult } from "../mm/regions";
import { isUserRange, readUserObject, readUserPart, writeUserObject } from "../mm/userMemory";
import { SYS_IOCTL, SYS_OPEN, SYS_OPENAT, SYS_READ, SYS_READV, SYS_WAIT4, SYS_WRITE, SYS_WRITEV } from "./callNumbers";
import { Errno, refusal } from "./errno";
import { endProcess } from "./exit";
import { type Process } from "./process";
import { Signal, signalBit } from "./signalNumbers";
import { SIG_DEFAULT, SIG_IGNORE, type SignalAction, isDeadly } from "./signals";

/** Flags of an action. */
const USE_OTHER_STACK: u64 = 0x0800_0000n;
const RESTART: u64 = 0x1000_0000n;
const DO_NOT_BLOCK: u64 = 0x4000_0000n;
const ONLY_ONCE: u64 = 0x8000_0000n;
const HAS_RESTORER: u64 = 0x0400_0000n;

const RED_ZONE_BYTES: u64 = 128n;
const VECTOR_ALIGNMENT: u64 = 64n;
const STACK_ALIGNMENT: u64 = 16n;
/** Bytes of SYSCALL, the instruction. */
const SYSCALL_BYTES: u64 = 2n;

/** struct rt_sigframe. */
class SignalFrame {
  restorer: u64;
  flags: u64;
  link: u64;
  stackStart: u64;
  stackFlags: u64;
  stackBytes: u64;
  r8: u64;
  r9: u64;
  r10: u64;
  r11: u64;
  r12: u64;
  r13: u64;
  r14: u64;
  r15: u64;
  rdi: u64;
  rsi: u64;
  rbp: u64;
  rbx: u64;
  rdx: u64;
  rax: u64;
  rcx: u64;
  rsp: u64;
  rip: u64;
  rflags: u64;
  segments: u64;
  error: u64;
  trap: u64;
  oldMask: u64;
  faultAddress: u64;
  /** Where the vector registers are; 0: as in a new program. */
  vectors: u64;
  readonly reserved: FixedArray<u64, 8>;
  blocked: u64;
  /** siginfo: signal, error, code, and what the code says there is: the sender, or the address of a fault. */
  signal: u32;
  errno: u32;
  code: u32;
  private padding: u32;
  source: u64;
  readonly details: FixedArray<u64, 13>;
}
staticAssert(sizeOf<SignalFrame>() === 440n);
staticAssert(offsetOf<SignalFrame>("r8") === 48n);
staticAssert(offsetOf<SignalFrame>("blocked") === 304n);
staticAssert(offsetOf<SignalFrame>("signal") === 312n);

const CONTEXT_OFFSET: u64 = 8n;
const INFO_OFFSET: u64 = 312n;

const signalFrame = new SignalFrame();

// --- There -----------------------------------------------------------------------------------------------------------

/** Sees to all signals of the process that runs, before it goes on as `frame` says. It may end. */
export function deliverSignals(process: Process, frame: TrapFrame): void {
  for (let signal = process.signals.next(); signal !== 0; signal = process.signals.next()) {
    process.signals.pending &= ~signalBit(signal);
    const action = process.signals.action(signal);
    if (action.handler === SIG_IGNORE) continue;
    if (action.handler === SIG_DEFAULT) {
      if (isDeadly(signal)) endProcess(signal);
      continue;
    }
    settleCall(frame, (action.flags & RESTART) !== 0n);
    if (!enterHandler(process, frame, signal, action)) endProcess(u32(Signal.Segmentation));
  }
  settleCall(frame, true);
  process.signals.restoreBlocked();
}

/** A system call that was interrupted is made again, if it is one of those, or says that it was interrupted. */
function settleCall(frame: TrapFrame, restarts: bool): void {
  if (frame.vector !== SYSTEM_CALL_VECTOR || frame.rax !== refusal(Errno.Interrupted)) return;
  if (!restarts || !canRestart(frame.errorCode)) return;
  frame.rax = frame.errorCode;
  frame.rip -= SYSCALL_BYTES;
}

function canRestart(number: u64): bool {
  switch (number) {
    case SYS_READ:
    case SYS_WRITE:
    case SYS_OPEN:
    case SYS_IOCTL:
    case SYS_READV:
    case SYS_WRITEV:
    case SYS_WAIT4:
    case SYS_OPENAT:
      return true;
    default:
      return false;
  }
}

/** Makes the program go on in its handler. False: its stack cannot be written, or there is no way back. */
function enterHandler(process: Process, frame: TrapFrame, signal: u32, action: SignalAction): bool {
  if ((action.flags & HAS_RESTORER) === 0n || !isUserRange(action.handler, 1n)) return false;
  const signals = process.signals;
  const top = signals.stackFor(frame.rsp, (action.flags & USE_OTHER_STACK) !== 0n, RED_ZONE_BYTES);
  const vectorsAt = wrappingSub(top, vectorStateBytes()) & ~(VECTOR_ALIGNMENT - 1n);
  const at = wrappingSub(wrappingSub(vectorsAt, sizeOf<SignalFrame>()) & ~(STACK_ALIGNMENT - 1n), 8n);
  saveVectors(process.vectors);
  if (writeUserObject(vectorsAt, process.vectors, vectorStateBytes()) !== SpaceResult.Done) return false;
  fillFrame(process, frame, signal, action, vectorsAt);
  if (writeUserObject(at, signalFrame, sizeOf<SignalFrame>()) !== SpaceResult.Done) return false;
  process.vectors.init();
  restoreVectors(process.vectors);
  enterFunction(frame, action.handler, at);
  frame.rax = 0n;
  frame.rdi = u64(signal);
  frame.rsi = at + INFO_OFFSET;
  frame.rdx = at + CONTEXT_OFFSET;
  signals.beginHandler(action.mask | ((action.flags & DO_NOT_BLOCK) === 0n ? signalBit(signal) : 0n));
  if ((action.flags & ONLY_ONCE) !== 0n) action.handler = SIG_DEFAULT;
  return true;
}

function fillFrame(process: Process, frame: TrapFrame, signal: u32, action: SignalAction, vectorsAt: u64): void {
  zeroStruct(signalFrame);
  keepRegisters(frame);
  const signals = process.signals;
  signalFrame.restorer = action.restorer;
  signalFrame.stackStart = signals.otherStack;
  signalFrame.stackBytes = signals.otherStackBytes;
  signalFrame.vectors = vectorsAt;
  signalFrame.blocked = signals.blockedBefore();
  signalFrame.signal = signal;
  if (signals.faultSignal === signal) {
    signalFrame.code = signals.faultCode;
    signalFrame.source = signals.faultAddress;
    signalFrame.faultAddress = signals.faultAddress;
    signalFrame.trap = signals.faultVector;
    signals.faultSignal = 0;
  } else {
    signalFrame.source = u64(signals.senders[signal - 1]);
  }
}

function keepRegisters(frame: TrapFrame): void {
  signalFrame.r8 = frame.r8;
  signalFrame.r9 = frame.r9;
  signalFrame.r10 = frame.r10;
  signalFrame.r11 = frame.r11;
  signalFrame.r12 = frame.r12;
  signalFrame.r13 = frame.r13;
  signalFrame.r14 = frame.r14;
  signalFrame.r15 = frame.r15;
  signalFrame.rdi = frame.rdi;
  signalFrame.rsi = frame.rsi;
  signalFrame.rbp = frame.rbp;
  signalFrame.rbx = frame.rbx;
  signalFrame.rdx = frame.rdx;
  signalFrame.rax = frame.rax;
  signalFrame.rcx = frame.rcx;
  signalFrame.rsp = frame.rsp;
  signalFrame.rip = frame.rip;
  signalFrame.rflags = frame.rflags;
  signalFrame.segments = frame.cs | (frame.ss << 48n);
}

// --- And back --------------------------------------------------------------------------------------------------------

/** rt_sigreturn: the program goes on as the frame on its stack says, as far as it may. It ends if that is nowhere. */
export function returnFromHandler(process: Process, frame: TrapFrame): never {
  const at = wrappingSub(frame.rsp, 8n);
  const isRead = readUserObject(signalFrame, at) === SpaceResult.Done;
  if (!isRead || !isUserRange(signalFrame.rip, 1n)) endProcess(u32(Signal.Segmentation));
  takeRegisters(frame);
  process.signals.setBlocked(signalFrame.blocked);
  if (!takeVectors(process, signalFrame.vectors)) endProcess(u32(Signal.Segmentation));
  process.signals.noteDeliverable(process);
  resumeFrame(frame);
}

/** CS, SS and what a program may not say of its flags stay as they are. */
function takeRegisters(frame: TrapFrame): void {
  frame.r8 = signalFrame.r8;
  frame.r9 = signalFrame.r9;
  frame.r10 = signalFrame.r10;
  frame.r11 = signalFrame.r11;
  frame.r12 = signalFrame.r12;
  frame.r13 = signalFrame.r13;
  frame.r14 = signalFrame.r14;
  frame.r15 = signalFrame.r15;
  frame.rdi = signalFrame.rdi;
  frame.rsi = signalFrame.rsi;
  frame.rbp = signalFrame.rbp;
  frame.rbx = signalFrame.rbx;
  frame.rdx = signalFrame.rdx;
  frame.rax = signalFrame.rax;
  frame.rcx = signalFrame.rcx;
  frame.rsp = signalFrame.rsp;
  frame.rip = signalFrame.rip;
  frame.vector = 0n;
  setProgramFlags(frame, signalFrame.rflags);
}

/** False: they cannot be read. */
function takeVectors(process: Process, address: u64): bool {
  const state = process.vectors;
  saveVectors(state);
  const bits = state.mxcsrBits();
  state.init();
  if (address !== 0n && readUserPart(state, address, vectorStateBytes()) !== SpaceResult.Done) return false;
  state.admit(bits);
  restoreVectors(state);
  return true;
}
