// Every word of the machine, once, as only the metal can run it: linked by a C symbol and compiled with the kernel's
// flags.

class Registers {
  control: Volatile<u32>;
  data: Volatile<u64>;
}

declare function assemblyRoutine(argument: u64): u64;

const registers = placed(".registers", new Registers());

function ports(): u32 {
  out8(0x3f8, 1);
  out16(0x3f8, 2);
  out32(0x3f8, 3);
  return in8(0x3f8) + in16(0x3f8) + in32(0x3f8);
}

function controlRegisters(): u64 {
  writeCr0(readCr0() | 0x1_0000n);
  writeCr3(readCr3());
  writeCr4(readCr4() | 0x80n);
  writeMsr(0xc0000080, readMsr(0xc0000080));
  return readCr2() ^ readRflags() ^ rdtsc() ^ framePointer();
}

function tables(): void {
  lgdt(0x1000n, 0x27);
  lidt(0x2000n, 0xfff);
  ltr(0x28);
  loadSegments(0x08, 0x10);
  invlpg(0xffff_8000_0000_0000n);
  invpcid(0n, 7n, 0xffff_8000_0000_0000n);
}

function fences(): void {
  mfence();
  lfence();
  sfence();
  stac();
  clac();
  pause();
  int3();
}

function memory(address: u64): u64 {
  poke8(address, 1);
  poke32(address, 2);
  poke64(address, 3n);
  zeroMemory(address, 64n);
  fillMemory(address, 0xff, 64n);
  copyMemory(address, address + 64n, 64n);
  return peek64(address) + u64(peek32(address)) + u64(peek8(address));
}

function entry(): void {
  cli();
  const result = new CpuidResult();
  cpuid(7, 0, result);
  registers.control = result.ebx | ports();
  registers.data = controlRegisters() + memory(addressOfSymbol("kernel_end")) + assemblyRoutine(addressOf(registers));
  tables();
  fences();
  sti();
  for (;;) hlt();
}
exportC("machine_entry", entry);

export function main(): void {}
