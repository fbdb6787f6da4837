type PhysAddr = u64 & Newtype<"PhysAddr">;
function next(address: PhysAddr): PhysAddr {
  return (address + 4096n) as PhysAddr;
}
function wrong(address: PhysAddr): PhysAddr {
  return address + 4096n; // error TS2322
}
export function main(): void {
  log.info(`${next(wrong(0n as PhysAddr))}`);
}
