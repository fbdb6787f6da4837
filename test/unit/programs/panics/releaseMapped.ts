/** A frame goes back to the pool while a page maps it. */
import { frameAt, pageAt, uncheckedFrame } from "../../../../arch/x86_64/addresses";
import { acquireFrame, FrameOwner, releaseFrame } from "../../../../kernel/mm/frames";
import { addMapping } from "../../../../kernel/mm/reverseMap";
import { startOwnedMachine } from "../simulatedMemory";

export function main(): void {
  startOwnedMachine(1024n);
  const frame = acquireFrame(FrameOwner.Anonymous) ?? uncheckedFrame(0n);
  assert(addMapping(frame, frameAt(5n), pageAt(1n)));
  void releaseFrame(frame);
}
