/**
 * System calls about signals, process groups and sessions, by their numbers.
 */

import { type TrapFrame } from "../../arch/x86_64/trapFrame";
import { SYS_GETPGID, SYS_GETPGRP, SYS_GETSID, SYS_KILL, SYS_RT_SIGACTION, SYS_RT_SIGPENDING } from "./callNumbers";
import { SYS_RT_SIGPROCMASK, SYS_SETPGID, SYS_SETSID, SYS_TGKILL, SYS_TKILL } from "./callNumbers";
import { beginSession, groupOf, sessionOf, setGroup } from "./groups";
import { type Process } from "./process";
import { killProcesses, killThread, readPending, setAction, setBlocked } from "./signalCalls";

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
      return killThread(frame.rdi, frame.rsi);
    case SYS_TGKILL:
      return killThread(frame.rsi, frame.rdx);
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
