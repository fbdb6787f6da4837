/** Every acquisition of a workload fails once: test/metal/shortage.ts over simulated physical memory. */
import { frameAt } from "../../../arch/x86_64/addresses";
import { initFaults } from "../../../kernel/mm/faults";
import { failEveryAcquisition } from "../../metal/shortage";
import { startOwnedMachine } from "./simulatedMemory";
import { accessByWalk } from "./walkedAccess";

/** Frames of the machine; those from here on are in the arena, but not the allocator's. */
const MEMORY: u64 = 2000n;

export function main(): void {
  startOwnedMachine(MEMORY);
  initFaults();
  const without = failEveryAcquisition(frameAt(MEMORY), accessByWalk, false);
  log.info(`acquisitions=${without} withSwap=${failEveryAcquisition(frameAt(MEMORY), accessByWalk, true)}`);
}
