/**
 * Process groups and sessions: which processes belong together, so that ^C reaches all of a job, and which of them may
 * use the terminal.
 *
 *     session 1 --+-- group 1: the shell
 *                 '-- group 7: "cat | sort", processes 7 and 8
 *
 * Both are numbers: that of the process that began them. Linux man-pages: setpgid(2), setsid(2), credentials(7).
 */

import { terminal } from "../terminal/terminal";
import { Errno, refusal } from "./errno";
import { type Process, ProcessState, findProcess, firstProcess } from "./process";

/** The session of a group's processes. Null: there is no such group. */
export function sessionOfGroup(group: u32): u32 | null {
  for (let process = firstProcess(); process !== null; process = process.next) {
    if (process.group === group && process.state !== ProcessState.Ended) return process.session;
  }
  return null;
}

/** Whether a process belongs to this session. */
export function sessionLives(session: u32): bool {
  for (let process = firstProcess(); process !== null; process = process.next) {
    if (process.session === session && process.state !== ProcessState.Ended) return true;
  }
  return false;
}

/** setpgid: moves the process, or a child of it, into a group of its session: 0 for one of its own. */
export function setGroup(process: Process, wantedPid: u64, wantedGroup: u64): u64 {
  if (wantedGroup > u64(i32.MAX)) return refusal(Errno.Invalid);
  const target = targetOf(process, wantedPid);
  if (target === null || (target !== process && target.parent !== process)) return refusal(Errno.NoProcess);
  if (target.session !== process.session || target.session === target.pid) return refusal(Errno.NoPermission);
  const group = wantedGroup === 0n ? target.pid : u32(wantedGroup);
  if (group !== target.pid && (sessionOfGroup(group) ?? 0) !== process.session) return refusal(Errno.NoPermission);
  target.group = group;
  return 0n;
}

/** getpgid and getpgrp. */
export function groupOf(process: Process, wantedPid: u64): u64 {
  const target = targetOf(process, wantedPid);
  return target === null ? refusal(Errno.NoProcess) : u64(target.group);
}

/** getsid. */
export function sessionOf(process: Process, wantedPid: u64): u64 {
  const target = targetOf(process, wantedPid);
  return target === null ? refusal(Errno.NoProcess) : u64(target.session);
}

/** setsid: a session of its own, without a terminal. Not for one that leads a group. */
export function beginSession(process: Process): u64 {
  if (sessionOfGroup(process.pid) !== null) return refusal(Errno.NoPermission);
  process.session = process.pid;
  process.group = process.pid;
  return u64(process.pid);
}

/** A session that ends with who began it gives the terminal up. */
export function leaveSession(process: Process): void {
  if (process.session !== process.pid || process.session !== terminal.session) return;
  terminal.session = 0;
  terminal.foreground = 0;
}

/** The process of this number, or for 0 the one that asks. */
function targetOf(process: Process, pid: u64): Process | null {
  return pid === 0n ? process : findProcess(u32.wrap(pid));
}
