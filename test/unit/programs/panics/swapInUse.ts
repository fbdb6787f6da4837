/** Swap ends while a slot is in use. */
import { uncheckedFrame } from "../../../../arch/x86_64/addresses";
import { acquireFrame, FrameOwner } from "../../../../kernel/mm/frames";
import { startMemorySwap, stopSwap, writeOut } from "../../../../kernel/mm/swap";
import { startOwnedMachine } from "../simulatedMemory";

export function main(): void {
  startOwnedMachine(1024n);
  assert(startMemorySwap(10));
  assert(writeOut(acquireFrame(FrameOwner.Anonymous) ?? uncheckedFrame(0n)) !== null);
  stopSwap();
}
