// Volatile locations read and write like plain ones.

class Registers {
  status: Volatile<u32>;
  data: Volatile<u64>;
  bytes: FixedArray<Volatile<u8>, 4>;
  mode: Volatile<u16>;
}
staticAssert(sizeOf<Registers>() === 24n && offsetOf<Registers>("mode") === 20n);

const registers = new Registers();

function waitFor(device: Registers, bit: u32): u32 {
  let turns: u32 = 0;
  while ((device.status & bit) === 0) {
    turns += 1;
    device.status += 1;
  }
  return turns;
}

export function main(): void {
  log.info(`${waitFor(registers, 4)} ${registers.status}`);
  registers.data = 0x1_0000_0000n;
  registers.data |= 5n;
  registers.bytes[3] = 9;
  registers.mode = u16.wrap(registers.data);
  const copy: u32 = registers.status;
  log.info(`${registers.data} ${registers.bytes[3]} ${registers.mode} ${copy + 1}`);
}
