/** A frame is released that is no memory. */
import { frameAt } from "../../../../arch/x86_64/addresses";
import { releaseFrame } from "../../../../kernel/mm/frames";
import { startOwnedMachine } from "../simulatedMemory";

export function main(): void {
  startOwnedMachine(1024n);
  void releaseFrame(frameAt(1n << 39n));
}
