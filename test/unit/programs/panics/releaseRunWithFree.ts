/** A run is released of which one frame is free. */
import { frameAfter, frameAt } from "../../../../arch/x86_64/addresses";
import { acquireFrames, FrameOwner, frameReferences, releaseFrame, releaseFrames } from "../../../../kernel/mm/frames";
import { startOwnedMachine } from "../simulatedMemory";

export function main(): void {
  startOwnedMachine(1024n);
  const first = acquireFrames(FrameOwner.Device, 8n, 1n, frameAt(1024n)) ?? frameAt(0n);
  assert(releaseFrame(frameAfter(first, 5n)) && frameReferences(first) === 1);
  releaseFrames(first, 8n);
}
