// The instructions of kernel.d.ts, on the simulated machine.

import { Halted, MachineError } from "../errors";
import { toPointer } from "../layout";
import type { Machine } from "../machine";
import type { MemoryHelpers } from "./access";

const nothing = (): void => undefined;

export function instructionHelpers(machine: Machine, memory: MemoryHelpers) {
  return { ...portInstructions(machine), ...registerInstructions(machine), ...otherInstructions(machine, memory) };
}

const portInstructions = ({ ports }: Machine) => ({
  in8: (port: number) => ports.read(port, 8),
  in16: (port: number) => ports.read(port, 16),
  in32: (port: number) => ports.read(port, 32),
  out8: (port: number, value: number) => ports.write(port, value, 8),
  out16: (port: number, value: number) => ports.write(port, value, 16),
  out32: (port: number, value: number) => ports.write(port, value, 32),
});

const registerInstructions = ({ registers }: Machine) => ({
  readCr0: () => registers.cr0,
  writeCr0: (value: bigint) => void (registers.cr0 = value),
  readCr2: () => registers.cr2,
  readCr3: () => registers.cr3,
  writeCr3: (value: bigint) => void (registers.cr3 = value),
  readCr4: () => registers.cr4,
  writeCr4: (value: bigint) => void (registers.cr4 = value),
  readMsr: (number: number) => registers.msrs.get(number) ?? 0n,
  writeMsr: (number: number, value: bigint) => void registers.msrs.set(number, value),
  readRflags: () => registers.rflags,
  lgdt: (base: bigint, limit: number) => void (registers.gdt = { base, limit }),
  lidt: (base: bigint, limit: number) => void (registers.idt = { base, limit }),
  ltr: (selector: number) => void (registers.taskRegister = selector),
  loadSegments(code: number, data: number) {
    registers.codeSegment = code;
    registers.dataSegment = data;
  },
  cli: () => void (registers.interruptsEnabled = false),
  sti: () => void (registers.interruptsEnabled = true),
});

const otherInstructions = (machine: Machine, memory: MemoryHelpers) => ({
  invlpg: (address: bigint) => machine.tlb.invalidate(toPointer(address)),
  invpcid: (kind: bigint, context: bigint, address: bigint) =>
    machine.registers.invalidateContext(kind, context, toPointer(address)),
  cpuid(leaf: number, subleaf: number, result: number) {
    const { eax, ebx, ecx, edx } = machine.cpuid.get(leaf, subleaf);
    for (const [index, value] of [eax, ebx, ecx, edx].entries()) memory.store32(result + 4 * index, value);
  },
  rdtsc: () => machine.tick(),
  hlt(): never {
    throw new Halted();
  },
  int3(): never {
    throw new MachineError("int3: nothing handles breakpoints here");
  },
  pause: nothing,
  mfence: nothing,
  lfence: nothing,
  sfence: nothing,
  stac: () => void (machine.registers.alignmentCheck = true),
  clac: () => void (machine.registers.alignmentCheck = false),
  peek8: (address: bigint) => memory.load8(toPointer(address)),
  peek32: (address: bigint) => memory.load32(toPointer(address)),
  peek64: (address: bigint) => memory.load64(toPointer(address)),
  poke8: (address: bigint, value: number) => memory.store8(toPointer(address), value),
  poke32: (address: bigint, value: number) => memory.store32(toPointer(address), value),
  poke64: (address: bigint, value: bigint) => memory.store64(toPointer(address), value),
});
