/** A loader without a memory map. */
import { beginMemoryMap, finishMemoryMap, memoryMap } from "../../../../kernel/mm/memoryMap";

export function main(): void {
  beginMemoryMap(40n);
  finishMemoryMap(memoryMap);
}
