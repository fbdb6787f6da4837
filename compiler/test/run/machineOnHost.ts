// On the host, control registers and MSRs are plain variables and fences do nothing, so that kernel code can be tested.

export function main(): void {
  writeCr3(0x1234_5000n);
  writeCr4(readCr4() | 0x20n);
  writeCr0(0x8001_0001n);
  writeMsr(0xc0000080, 0x501n);
  log.info(`${hex(readCr3())} ${hex(readCr4() & 0x20n)} ${hex(readCr0())} ${hex(readMsr(0xc0000080))}`);
  invlpg(0x1000n);
  invpcid(2n, 0n, 0n);
  mfence();
  lfence();
  sfence();
  cli();
  sti();
  pause();
  const result = new CpuidResult();
  cpuid(0, 0, result);
  const start = rdtsc();
  log.info(`${result.ebx !== 0} ${rdtsc() >= start} ${framePointer() !== 0n}`);
}
