/** Usable memory, but none that the loader shows has room for the frame bitmap. */
import { MemoryKind } from "../../../../boot/bootInfo";
import { addFramesOfKind, beginMachine, startMachine } from "../simulatedMemory";

export function main(): void {
  beginMachine();
  addFramesOfKind(300n, 301n, MemoryKind.Usable);
  addFramesOfKind(20_000n, 120_000n, MemoryKind.Usable);
  startMachine();
}
