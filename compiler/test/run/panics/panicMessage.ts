// panic formats its message like any other and never comes back.

type PhysAddr = u64 & Newtype<"PhysAddr">;

function check(address: PhysAddr): u32 {
  if (address < 0x1000n) {
    panic(`address ${address} is in the first page, ${hex(u64(7), 4)} of ${12}`); // panics
  }
  return 1;
}

export function main(): void {
  log.info(`${check(0x1000n as PhysAddr)}`);
  log.info(`${check(0xfffn as PhysAddr)}`);
  log.info("not reached");
}
