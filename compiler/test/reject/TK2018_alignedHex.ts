type PhysAddr = u64 & Newtype<"PhysAddr">;
export function main(): void {
  log.info(`[${alignRight(hex(5), 8)}]`); // error TK2018
  log.info(`[${alignLeft(5n as PhysAddr, 20)}]`); // error TK2018
}
