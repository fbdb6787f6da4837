/**
 * System calls: a program's requests to the kernel, with the numbers, arguments and answers of Linux on x86-64, so that
 * programs run that nobody here wrote.
 *
 *     RAX number    RDI RSI RDX R10 R8 R9 arguments    -->    RAX answer; -4095 .. -1: refused (errno.ts)
 *
 * System V ABI AMD64, "Linux Conventions"; Linux man-pages, syscalls(2).
 */

import { initSystemCalls } from "../../arch/x86_64/systemCall";
import { type TrapFrame } from "../../arch/x86_64/trapFrame";
import { evictFrames } from "../mm/eviction";
import { takeShortage } from "../mm/frames";
import { SYS_ARCH_PRCTL, SYS_BRK, SYS_CLOCK_GETRES, SYS_CLOCK_GETTIME, SYS_CLONE, SYS_EXECVE } from "./callNumbers";
import { SYS_EXIT, SYS_EXIT_GROUP, SYS_FORK, SYS_FUTEX, SYS_GETEGID, SYS_GETEUID, SYS_GETGID } from "./callNumbers";
import { SYS_GETPID, SYS_GETPPID, SYS_GETRLIMIT, SYS_GETRUSAGE, SYS_GETTID, SYS_GETTIMEOFDAY } from "./callNumbers";
import { SYS_GETUID, SYS_MADVISE, SYS_MINCORE, SYS_MMAP, SYS_MPROTECT, SYS_MREMAP } from "./callNumbers";
import { SYS_MUNMAP, SYS_NANOSLEEP, SYS_PRCTL, SYS_PRLIMIT64 } from "./callNumbers";
import { SYS_SCHED_GETAFFINITY, SYS_SCHED_YIELD, SYS_SET_ROBUST_LIST } from "./callNumbers";
import { SYS_CLOCK_NANOSLEEP, SYS_REBOOT, SYS_SYSINFO, SYS_UNAME } from "./callNumbers";
import { SYS_SET_TID_ADDRESS, SYS_TIMES, SYS_UMASK, SYS_VFORK, SYS_WAIT4 } from "./callNumbers";
import { Errno, refusal } from "./errno";
import { endProcess, exitStatus } from "./exit";
import { fileAnswer } from "./fileAnswer";
import { useFutex } from "./futexCalls";
import { leaveKernel } from "./leave";
import { describeSystem, endMachine, nameSystem } from "./machineCalls";
import { adviseMemory, mapMemory, moveHeapEnd, protectMemory, remapMemory } from "./memoryCalls";
import { tellPresence, unmapMemory } from "./memoryCalls";
import { controlProcess, limitResource, readAffinity, readTimes, readUsage } from "./ownCalls";
import { setFileMask, setRobustList } from "./ownCalls";
import { type Process } from "./process";
import { clone, executeProgram, fork, forkAndWait, parentNumber } from "./processCalls";
import { useRegister, waitForChild } from "./processCalls";
import { currentProcess, hasUserWork, yieldNow } from "./scheduler";
import { signalAnswer } from "./signalAnswer";
import { readClock, readClockStep, readTimeOfDay, sleep, sleepByClock } from "./timeCalls";

exportC("system_call", systemCall);

/** Half of the frames that go to swap first. */
const FIRST_EVICTED: u64 = 8n;

/** Lets programs call the kernel. Needs the kernel's segments. */
export function openSystemCalls(): void {
  initSystemCalls();
}

/**
 * Called by systemCallEntry.asm. A call that is refused for want of memory has changed nothing: if frames were short,
 * others go to swap and it is made again, with twice as many each time, as nobody knows how many it takes.
 */
function systemCall(frame: TrapFrame): void {
  const process = currentProcess();
  const number = frame.rax;
  let evicted = FIRST_EVICTED;
  let answer: u64 = 0n;
  do {
    answer = answerTo(frame, process);
    evicted *= 2n;
  } while (answer === refusal(Errno.OutOfMemory) && frame.rax === number && findFrames(evicted));
  frame.rax = answer;
  if (hasUserWork()) leaveKernel(frame);
}

/** Whether frames were short, and so many, or fewer, are free now. */
function findFrames(count: u64): bool {
  return takeShortage() && evictFrames(count);
}

calledRarely(findFrames);

function answerTo(frame: TrapFrame, process: Process): u64 {
  return (
    memoryAnswer(frame, process) ??
    processAnswer(frame, process) ??
    fileAnswer(frame, process) ??
    signalAnswer(frame, process) ??
    otherAnswer(frame, process)
  );
}

function memoryAnswer(frame: TrapFrame, process: Process): u64 | null {
  switch (frame.rax) {
    case SYS_MMAP:
      return mapMemory(process, frame.rdi, frame.rsi, frame.rdx, frame.r10, frame.r9);
    case SYS_MPROTECT:
      return protectMemory(process, frame.rdi, frame.rsi, frame.rdx);
    case SYS_MUNMAP:
      return unmapMemory(process, frame.rdi, frame.rsi);
    case SYS_BRK:
      return moveHeapEnd(process, frame.rdi);
    case SYS_MREMAP:
      return remapMemory(process, frame);
    case SYS_MINCORE:
      return tellPresence(process, frame.rdi, frame.rsi, frame.rdx);
    case SYS_MADVISE:
      return adviseMemory(process, frame.rdi, frame.rsi, frame.rdx);
    default:
      return null;
  }
}

function processAnswer(frame: TrapFrame, process: Process): u64 | null {
  switch (frame.rax) {
    case SYS_SCHED_YIELD:
      yieldNow();
      return 0n;
    case SYS_GETPID:
    case SYS_GETTID:
    case SYS_SET_TID_ADDRESS:
      return u64(process.pid);
    case SYS_GETPPID:
      return parentNumber(process);
    case SYS_FORK:
      return fork(process, frame);
    case SYS_VFORK:
      return forkAndWait(process, frame);
    case SYS_CLONE:
      return clone(process, frame);
    case SYS_EXECVE:
      return executeProgram(process, frame);
    case SYS_EXIT:
    case SYS_EXIT_GROUP:
      endProcess(exitStatus(frame.rdi));
    case SYS_WAIT4:
      return waitForChild(process, frame.rdi, frame.rsi, frame.rdx, frame.r10);
    case SYS_ARCH_PRCTL:
      return useRegister(process, frame.rdi, frame.rsi);
    default:
      return null;
  }
}

function otherAnswer(frame: TrapFrame, process: Process): u64 {
  switch (frame.rax) {
    case SYS_GETUID:
    case SYS_GETGID:
    case SYS_GETEUID:
    case SYS_GETEGID:
      return 0n;
    case SYS_CLOCK_GETTIME:
      return readClock(frame.rdi, frame.rsi);
    case SYS_CLOCK_GETRES:
      return readClockStep(frame.rdi, frame.rsi);
    case SYS_GETTIMEOFDAY:
      return readTimeOfDay(frame.rdi, frame.rsi);
    case SYS_NANOSLEEP:
      return sleep(process, frame.rdi, frame.rsi);
    case SYS_CLOCK_NANOSLEEP:
      return sleepByClock(process, frame.rdi, frame.rsi, frame.rdx, frame.r10);
    case SYS_UNAME:
      return nameSystem(frame.rdi);
    case SYS_SYSINFO:
      return describeSystem(frame.rdi);
    case SYS_REBOOT:
      return endMachine(frame.rdi, frame.rsi, frame.rdx);
    case SYS_FUTEX:
      return useFutex(process, frame.rdi, frame.rsi, frame.rdx, frame.r10);
    default:
      return ownAnswer(frame, process);
  }
}

function ownAnswer(frame: TrapFrame, process: Process): u64 {
  switch (frame.rax) {
    case SYS_PRCTL:
      return controlProcess(process, frame.rdi, frame.rsi);
    case SYS_GETRLIMIT:
      return limitResource(0n, frame.rdi, 0n, frame.rsi);
    case SYS_PRLIMIT64:
      return limitResource(frame.rdi, frame.rsi, frame.rdx, frame.r10);
    case SYS_GETRUSAGE:
      return readUsage(process, frame.rdi, frame.rsi);
    case SYS_TIMES:
      return readTimes(process, frame.rdi);
    case SYS_SCHED_GETAFFINITY:
      return readAffinity(frame.rdi, frame.rsi, frame.rdx);
    case SYS_UMASK:
      return setFileMask(process, frame.rdi);
    case SYS_SET_ROBUST_LIST:
      return setRobustList(frame.rsi);
    default:
      return refusal(Errno.NoSystemCall);
  }
}
