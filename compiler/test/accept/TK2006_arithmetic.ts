type PhysAddr = u64 & Newtype<"PhysAddr">;
function distance(low: PhysAddr, high: PhysAddr): u64 {
  return high - low + 1n;
}
export function main(): void {
  log.info(`${distance(0n as PhysAddr, 1n as PhysAddr)}`);
}
