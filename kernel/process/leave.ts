/**
 * The way back to ring 3. What a process owes the kernel is asked of it here and nowhere else, because here the kernel
 * holds nothing that is in the middle of a change: it ends, or lets others run.
 *
 *     trap --> trap_dispatch --+
 *                              +--> user_work? --> leave_kernel --> ring 3
 *     SYSCALL --> system_call -+
 */

import { endProcess } from "./exit";
import { currentProcess, hasUserWork, takeYieldRequest, yieldNow } from "./scheduler";

exportC("leave_kernel", leaveKernel);

/** Called when user_work is not 0. It may never return. */
export function leaveKernel(): void {
  while (hasUserWork()) {
    const process = currentProcess();
    if (process.isEnding) endProcess(process.status);
    if (takeYieldRequest()) yieldNow();
  }
}
