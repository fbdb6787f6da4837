/** A frame that is no part of the heap is freed as an object. */
import { uncheckedFrame } from "../../../../arch/x86_64/addresses";
import { frameToVirt } from "../../../../arch/x86_64/physmap";
import { acquireFrame, FrameOwner } from "../../../../kernel/mm/frames";
import { freeBytes } from "../../../../kernel/mm/heap";
import { startOwnedMachine } from "../simulatedMemory";

export function main(): void {
  startOwnedMachine(1024n);
  freeBytes(frameToVirt(acquireFrame(FrameOwner.Table) ?? uncheckedFrame(0n)));
}
