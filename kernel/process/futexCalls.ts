/**
 * futex: waiting for a word of memory to change. A process has one thread, so who wakes is another process that has the
 * same memory: what tells words apart is where they lie in physical memory.
 *
 *     wait: does the word have the value still? -> Waiting until somebody wakes it, or for as long as it says
 *     wake: so many of those that wait for this word are ready
 *
 * Linux man-pages: futex(2).
 */

import { type PhysAddr, uncheckedVirtAddr } from "../../arch/x86_64/addresses";
import { elapsedMicroseconds } from "../clock";
import { translate } from "../mm/pageMapper";
import { readUserInteger } from "../mm/userMemory";
import { Errno, refusal } from "./errno";
import { type Process, ProcessState, WaitReason, firstProcess } from "./process";
import { makeReady, waitUntil } from "./scheduler";
import { readDuration } from "./timeCalls";

const FUTEX_WAIT: u64 = 0n;
const FUTEX_WAKE: u64 = 1n;
/** What says which clock counts, and that no other process has the memory: both make no difference here. */
const FUTEX_FLAGS: u64 = 0x180n;

/** The place of no word. */
const NOWHERE: u64 = 0n;

/** futex: wait and wake. */
export function useFutex(process: Process, address: u64, operation: u64, value: u64, timeout: u64): u64 {
  if ((address & 3n) !== 0n) return refusal(Errno.Invalid);
  switch (operation & ~FUTEX_FLAGS) {
    case FUTEX_WAIT:
      return waitForWord(process, address, u32.wrap(value), timeout);
    case FUTEX_WAKE:
      return wakeWaiters(process, address, value);
    default:
      return refusal(Errno.NoSystemCall);
  }
}

function waitForWord(process: Process, address: u64, expected: u32, timeout: u64): u64 {
  const word = readUserInteger(address);
  const place = placeOf(process, address);
  if (word === null || place === null) return refusal(Errno.BadAddress);
  if (word !== expected) return refusal(Errno.TryAgain);
  let end = u64.MAX;
  if (timeout !== 0n) {
    const duration = readDuration(timeout);
    if (duration.problem !== null) return refusal(duration.problem);
    end = elapsedMicroseconds() + duration.microseconds;
  }
  process.futex = place;
  waitUntil(WaitReason.Futex, end);
  if (process.futex === NOWHERE) return 0n;
  process.futex = NOWHERE;
  return refusal(elapsedMicroseconds() >= end ? Errno.TimedOut : Errno.Interrupted);
}

function wakeWaiters(process: Process, address: u64, most: u64): u64 {
  const place = readUserInteger(address) === null ? null : placeOf(process, address);
  if (place === null) return refusal(Errno.BadAddress);
  let woken: u64 = 0n;
  for (let each = firstProcess(); each !== null && woken < most; each = each.next) {
    if (each.state !== ProcessState.Waiting || each.waitReason !== WaitReason.Futex || each.futex !== place) continue;
    each.futex = NOWHERE;
    makeReady(each);
    woken += 1n;
  }
  return woken;
}

/** Where a word that was just read lies. */
function placeOf(process: Process, address: u64): PhysAddr | null {
  return translate(process.memory().root(), uncheckedVirtAddr(address));
}
