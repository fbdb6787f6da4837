/**
 * Copies between the kernel and pages of ring 3, which may fault:
 *
 *     copyUserBytes -> user_copy --+-- works -----------------------------> 0
 *                          |       +-- faults, is resolved ------------> goes on, as if nothing had been
 *                          |       +-- faults, is refused -> trap_dispatch
 *                          |                                   | recoverUserCopy: RIP = user_copy_end
 *                          '--------- user_copy_end <-- iretq -+---> the bytes that are left
 *
 * Nothing is remembered between the two: where the fault happened is all there is to know.
 */

import { detectCpu } from "./cpu";
import { type TrapFrame } from "./trapFrame";

declare function user_copy(target: u64, source: u64, bytes: u64): u64;
declare function user_copy_guarded(target: u64, source: u64, bytes: u64): u64;

/**
 * Copies bytes from low to high; returns how many could not be copied. The caller has made sure that the side that is
 * not the kernel's lies in the lower half.
 */
export function copyUserBytes(target: u64, source: u64, bytes: u64): u64 {
  if (detectCpu().hasSmap) return user_copy_guarded(target, source, bytes);
  return user_copy(target, source, bytes);
}

/** For the trap handler, on a page fault that was refused: true when it was a copy's, which then ends. */
export function recoverUserCopy(frame: TrapFrame): bool {
  const end = addressOfSymbol("user_copy_end");
  if (frame.rip < addressOfSymbol("user_copy_start") || frame.rip >= end) return false;
  frame.rip = end;
  return true;
}
