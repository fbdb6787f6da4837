/**
 * The way back to ring 3. What a process owes the kernel is asked of it here and nowhere else, because here the kernel
 * holds nothing that is in the middle of a change: it ends, sees to a signal, or lets others run.
 *
 *     trap --> trap_dispatch --+
 *                              +--> user_work? --> leave_kernel --> ring 3
 *     SYSCALL --> system_call -+
 */

import { type TrapFrame } from "../../arch/x86_64/trapFrame";
import { endProcess } from "./exit";
import { currentProcess, hasUserWork, takeYieldRequest, yieldNow } from "./scheduler";
import { deliverSignals } from "./signalDelivery";

exportC("leave_kernel", leaveKernel);

/** Called when user_work is not 0, with where the process is about to go on. It may never return. */
export function leaveKernel(frame: TrapFrame): void {
  while (hasUserWork()) {
    const process = currentProcess();
    const mustYield = takeYieldRequest();
    if (process.isEnding) endProcess(process.status);
    deliverSignals(process, frame);
    if (mustYield) yieldNow();
  }
}
