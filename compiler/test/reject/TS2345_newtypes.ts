type PhysAddr = u64 & Newtype<"PhysAddr">;
type VirtAddr = u64 & Newtype<"VirtAddr">;
function read(address: VirtAddr): void {}
export function main(): void {
  read(1n as PhysAddr); // error TS2345
}
