type PhysAddr = u64 & Newtype<"PhysAddr">;
type VirtAddr = u64 & Newtype<"VirtAddr">;
function mix(physical: PhysAddr, virtual: VirtAddr): u64 {
  return virtual - physical; // error TK2006
}
export function main(): void {
  log.info(`${mix(0n as PhysAddr, 1n as VirtAddr)}`);
}
