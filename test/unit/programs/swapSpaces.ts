/** Address spaces that need more frames than there are: test/metal/swapSpaces.ts over simulated physical memory. */
import { frameAt } from "../../../arch/x86_64/addresses";
import { initFaults } from "../../../kernel/mm/faults";
import { spaceModelCounts } from "../../metal/spaceModel";
import { runSwapSpaces } from "../../metal/swapSpaces";
import { startOwnedMachine } from "./simulatedMemory";
import { accessByWalk } from "./walkedAccess";

const STEPS: u32 = 200_000;
/** Frames of the machine; those from here on are in the arena, but not the allocator's. */
const MEMORY: u64 = 5000n;

export function main(): void {
  run(STEPS);
}

export function run(steps: u32): void {
  startOwnedMachine(MEMORY);
  initFaults();
  const swapped = runSwapSpaces(frameAt(MEMORY), accessByWalk, steps);
  const counts = spaceModelCounts;
  log.info(`steps=${counts.steps} accesses=${counts.accesses} swapped=${swapped}`);
}
