/** Gives one frame back twice: the frame allocator notices. */

import { frameStart } from "../../arch/x86_64/addresses";
import { allocateFrame, freeFrame } from "../mm/frameAllocator";

/** Allocates a frame and frees it twice. */
export function demoDoubleFree(): void {
  const frame = allocateFrame();
  if (frame === null) {
    log.error("no frame is free");
    return;
  }
  log.info(`freeing the frame at ${frameStart(frame)} twice`);
  freeFrame(frame);
  freeFrame(frame);
}
