/** An object is freed to the cache of another kind. */
import { ObjectCache } from "../../../../kernel/mm/heap";
import { startOwnedMachine } from "../simulatedMemory";

class Stamp {
  ticks: u64;
}
const stamps = new ObjectCache<Stamp>();
const others = new ObjectCache<Stamp>();

export function main(): void {
  startOwnedMachine(1024n);
  const stamp = stamps.allocate();
  assert(stamp !== null);
  others.free(stamp);
}
