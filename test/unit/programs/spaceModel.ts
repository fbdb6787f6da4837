/** Address spaces against the model of test/metal, over simulated physical memory. */
import { frameAt } from "../../../arch/x86_64/addresses";
import { initFaults } from "../../../kernel/mm/faults";
import { freeFrameCount, verifyCounters } from "../../../kernel/mm/frameAllocator";
import { finishSpaceModel, runSpaceModel, spaceModelCounts, startSpaceModel } from "../../metal/spaceModel";
import { startOwnedMachine } from "./simulatedMemory";
import { accessByWalk } from "./walkedAccess";

const STEPS: u32 = 1_000_000;
const INTERVAL: u32 = 2000;
/** Frames from here on are in the arena, but not the allocator's. */
const MEMORY: u64 = 6000n;

export function main(): void {
  run(STEPS);
}

export function run(steps: u32): void {
  startOwnedMachine(MEMORY);
  initFaults();
  startSpaceModel(frameAt(MEMORY), accessByWalk);
  const free = freeFrameCount();
  runSpaceModel(steps, INTERVAL);
  finishSpaceModel();
  verifyCounters();
  assert(freeFrameCount() === free, `${free - freeFrameCount()} frames are lost`);
  const counts = spaceModelCounts;
  log.info(
    `steps=${counts.steps} done=${counts.done} refused=${counts.refused} withoutFrames=${counts.withoutFrames} accesses=${counts.accesses} accessesRefused=${counts.accessesRefused} grown=${counts.stacksGrown} moves=${counts.moves} clones=${counts.clones}`,
  );
}
