/** A frame is released twice. */
import { uncheckedFrame } from "../../../../arch/x86_64/addresses";
import { acquireFrame, FrameOwner, releaseFrame } from "../../../../kernel/mm/frames";
import { startOwnedMachine } from "../simulatedMemory";

export function main(): void {
  startOwnedMachine(1024n);
  const frame = acquireFrame(FrameOwner.Anonymous) ?? uncheckedFrame(0n);
  assert(releaseFrame(frame), "the first time is right");
  void releaseFrame(frame);
}
