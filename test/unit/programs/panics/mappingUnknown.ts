/** A page is taken out of the reverse map that is not in it. */
import { frameAt, pageAt, uncheckedFrame } from "../../../../arch/x86_64/addresses";
import { acquireFrame, FrameOwner } from "../../../../kernel/mm/frames";
import { addMapping, removeMapping } from "../../../../kernel/mm/reverseMap";
import { startOwnedMachine } from "../simulatedMemory";

export function main(): void {
  startOwnedMachine(1024n);
  const frame = acquireFrame(FrameOwner.Anonymous) ?? uncheckedFrame(0n);
  assert(addMapping(frame, frameAt(5n), pageAt(1n)));
  removeMapping(frame, frameAt(5n), pageAt(2n));
}
