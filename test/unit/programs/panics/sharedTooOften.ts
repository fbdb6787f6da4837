/** A reference too many for the counter. */
import { uncheckedFrame } from "../../../../arch/x86_64/addresses";
import { acquireFrame, frameInfo, FrameOwner, shareFrame } from "../../../../kernel/mm/frames";
import { startOwnedMachine } from "../simulatedMemory";

export function main(): void {
  startOwnedMachine(1024n);
  const frame = acquireFrame(FrameOwner.Anonymous) ?? uncheckedFrame(0n);
  frameInfo(frame).references = u32.MAX - 1;
  shareFrame(frame);
  assert(frameInfo(frame).references === u32.MAX, "the last one fits");
  shareFrame(frame);
}
