/** Somebody writes to a frame after its release. */
import { uncheckedFrame } from "../../../../arch/x86_64/addresses";
import { frameWords } from "../../../../arch/x86_64/physmap";
import { acquireFrame, FrameOwner, releaseFrame } from "../../../../kernel/mm/frames";
import { startOwnedMachine } from "../simulatedMemory";

export function main(): void {
  startOwnedMachine(1024n);
  const frame = acquireFrame(FrameOwner.Anonymous) ?? uncheckedFrame(0n);
  assert(releaseFrame(frame));
  const again = acquireFrame(FrameOwner.Anonymous) ?? uncheckedFrame(0n);
  assert(again === frame, "untouched, it comes back");
  assert(releaseFrame(frame));
  frameWords(frame)[511] = 1n;
  void acquireFrame(FrameOwner.Anonymous);
}
