// A four-level walk over tables in plain storage, in the shape of kernel code: classes over entries, newtypes, results.

type PhysAddr = u64 & Newtype<"PhysAddr">;
type VirtAddr = u64 & Newtype<"VirtAddr">;

enum WalkResult {
  Found,
  NotPresent,
}

const PRESENT: u64 = 1n << 0n;
const ADDRESS_MASK: u64 = 0x000f_ffff_ffff_f000n;

class Entry {
  private bits: u64;
  isPresent(): bool {
    return (this.bits & PRESENT) !== 0n;
  }
  address(): PhysAddr {
    return (this.bits & ADDRESS_MASK) as PhysAddr;
  }
  set(address: PhysAddr, flags: u64): void {
    assert((address & ~ADDRESS_MASK) === 0n, `${address} is not a frame address`);
    this.bits = address | flags | PRESENT;
  }
}

@aligned(4096)
class Table {
  readonly entries: FixedArray<Entry, 512>;
}
staticAssert(sizeOf<Table>() === 4096n);

const root = new Table();
const tables = new FixedArray<Table, 8>();
let used: u32 = 0;
let found = 0n as PhysAddr;

function index(address: VirtAddr, level: u32): u32 {
  return u32((address >> u64(12 + 9 * (level - 1))) & 0x1ffn);
}

function tableAt(address: PhysAddr): Table {
  return overlay<Table>(address);
}

function newTable(): PhysAddr {
  const table = tables[used];
  used += 1;
  return addressOf(table) as PhysAddr;
}

function map(address: VirtAddr, target: PhysAddr): void {
  let table: Table = root;
  for (let level: u32 = 4; level > 1; level -= 1) {
    const entry = table.entries[index(address, level)];
    if (!entry.isPresent()) entry.set(newTable(), 0n);
    table = tableAt(entry.address());
  }
  table.entries[index(address, 1)].set(target, 0n);
}

function walk(address: VirtAddr): WalkResult {
  let table: Table = root;
  for (let level: u32 = 4; level > 1; level -= 1) {
    const entry = table.entries[index(address, level)];
    if (!entry.isPresent()) return WalkResult.NotPresent;
    table = tableAt(entry.address());
  }
  const leaf = table.entries[index(address, 1)];
  if (!leaf.isPresent()) return WalkResult.NotPresent;
  found = leaf.address();
  return WalkResult.Found;
}

export function main(): void {
  const first = 0xffff_ffff_8000_0000n as VirtAddr;
  const second = 0xffff_ffff_8000_3000n as VirtAddr;
  map(first, 0x10_0000n as PhysAddr);
  map(second, 0x20_0000n as PhysAddr);
  log.info(`${used} tables`);
  log.info(`${walk(first)} ${found}`);
  log.info(`${walk(second)} ${found}`);
  log.info(`${walk(0xffff_ffff_8000_1000n as VirtAddr)} ${walk(0n as VirtAddr)}`);
}
