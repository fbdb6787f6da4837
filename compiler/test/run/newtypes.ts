// Newtypes over integers: their own types, their base's operations, their own way to print.

type PhysAddr = u64 & Newtype<"PhysAddr">;
type Frame = u64 & Newtype<"Frame">;
type Irq = u8 & Newtype<"Irq">;

function frameOf(address: PhysAddr): Frame {
  return (address >> 12n) as Frame;
}

function startOf(frame: Frame): PhysAddr {
  return (frame << 12n) as PhysAddr;
}

class Range {
  start: PhysAddr;
  end: PhysAddr;
  contains(address: PhysAddr): bool {
    return address >= this.start && address < this.end;
  }
}
staticAssert(sizeOf<PhysAddr>() === 8n && sizeOf<Irq>() === 1n);

const range = new Range();
const KEYBOARD = 1 as Irq;

export function main(): void {
  const address = 0x1234_5678n as PhysAddr;
  log.info(`${address} ${frameOf(address)} ${startOf(frameOf(address))}`);
  log.info(`${address + 1n} ${hex(address)} ${KEYBOARD}`);
  const plain: u64 = address;
  log.info(`${plain}`);
  range.start = 0x1000n as PhysAddr;
  range.end = 0x2000n as PhysAddr;
  log.info(`${range.contains(address)} ${range.contains(range.start)} ${range.contains(range.end)}`);
  log.info(`${range.end - range.start} ${range.start === range.end} ${range.start < range.end}`);
  let frame = 5n as Frame;
  frame = (frame + 1n) as Frame;
  log.info(`${frame}`);
}
