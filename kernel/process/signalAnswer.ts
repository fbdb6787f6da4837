/**
 * System calls about signals, process groups and sessions, by their numbers.
 */

import { type TrapFrame } from "../../arch/x86_64/trapFrame";
import { SYS_GETPGID, SYS_GETPGRP, SYS_GETSID, SYS_KILL, SYS_PAUSE, SYS_RT_SIGACTION } from "./callNumbers";
import { SYS_RT_SIGPENDING, SYS_RT_SIGPROCMASK, SYS_RT_SIGRETURN, SYS_RT_SIGSUSPEND, SYS_SETPGID } from "./callNumbers";
import { SYS_SETSID, SYS_SIGALTSTACK, SYS_TGKILL, SYS_TKILL } from "./callNumbers";
import { beginSession, groupOf, sessionOf, setGroup } from "./groups";
import { type Process } from "./process";
import { killProcesses, killThread, readPending, setAction, setBlocked, useOtherStack } from "./signalCalls";
import { waitForSignal, waitWithMask } from "./signalCalls";
import { returnFromHandler } from "./signalDelivery";

/** Null: the call is none of these. */
export function signalAnswer(frame: TrapFrame, process: Process): u64 | null {
  switch (frame.rax) {
    case SYS_RT_SIGACTION:
      return setAction(process, frame.rdi, frame.rsi, frame.rdx, frame.r10);
    case SYS_RT_SIGPROCMASK:
      return setBlocked(process, frame.rdi, frame.rsi, frame.rdx, frame.r10);
    case SYS_RT_SIGPENDING:
      return readPending(process, frame.rdi, frame.rsi);
    case SYS_KILL:
      return killProcesses(process, frame.rdi, frame.rsi);
    case SYS_TKILL:
      return killThread(process, frame.rdi, frame.rsi);
    case SYS_TGKILL:
      return killThread(process, frame.rsi, frame.rdx);
    case SYS_RT_SIGRETURN:
      returnFromHandler(process, frame);
    case SYS_PAUSE:
      return waitForSignal(process);
    case SYS_RT_SIGSUSPEND:
      return waitWithMask(process, frame.rdi, frame.rsi);
    case SYS_SIGALTSTACK:
      return useOtherStack(process, frame.rdi, frame.rsi, frame.rsp);
    case SYS_SETPGID:
      return setGroup(process, frame.rdi, frame.rsi);
    case SYS_GETPGRP:
      return groupOf(process, 0n);
    case SYS_GETPGID:
      return groupOf(process, frame.rdi);
    case SYS_SETSID:
      return beginSession(process);
    case SYS_GETSID:
      return sessionOf(process, frame.rdi);
    default:
      return null;
  }
}
