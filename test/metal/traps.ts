/**
 * Faults, caused: many in one boot through probes, and one for good in each of the tests called `fatal-...`, whose report
 * test/boot/traps.test.ts reads. trapCauses.asm has the instructions.
 */
import {
  frameContaining,
  frameStart,
  PAGE_SIZE,
  pageContaining,
  physAddr,
  virtAddr,
} from "../../arch/x86_64/addresses";
import { CR0_TASK_SWITCHED } from "../../arch/x86_64/controlRegisters";
import { hasErrorCode, Vector } from "../../arch/x86_64/exceptions";
import { ImageSection, sectionEnd, sectionStart } from "../../arch/x86_64/image";
import { GATE_PRESENT, gateOf, initInterrupts, stubOf, VECTOR_COUNT } from "../../arch/x86_64/interrupts";
import { flagsOf, UNCACHED, WRITABLE } from "../../arch/x86_64/pageTable";
import { physToVirt } from "../../arch/x86_64/physmap";
import {
  callAddress,
  lastProbeFault,
  probeExecute,
  probeRead,
  probeRoutine,
  probeWrite,
} from "../../arch/x86_64/probe";
import {
  CODE_DESCRIPTOR,
  DATA_DESCRIPTOR,
  DESCRIPTOR_PRESENT,
  initSegments,
  KERNEL_DATA,
  TASK_STATE,
  TaskState,
  taskStateHigh,
  taskStateLow,
} from "../../arch/x86_64/segments";
import { guardPageAt, guardPageCount, Stack, stackBottom, stackName, stackTop } from "../../arch/x86_64/stacks";
import { applyFlush } from "../../arch/x86_64/tlb";
import { demoStackOverflow } from "../../kernel/demo/stackOverflow";
import { allocateFrame, freeFrame } from "../../kernel/mm/frameAllocator";
import { kernelRoot } from "../../kernel/mm/kernelSpace";
import { mapPage, MapResult, PageMapping, unmapPage } from "../../kernel/mm/pageMapper";
import { MetalTest } from "./metalTest";
import { testSymbols } from "./symbols";
import { testProtectionsOn, testReservedBit, testUserPages } from "./protections";

/** Error codes of page faults in supervisor mode. */
const READ_NOT_PRESENT: u64 = 0x0n;
const WRITE_NOT_PRESENT: u64 = 0x2n;
const WRITE_TO_READ_ONLY: u64 = 0x3n;
const FETCH_NOT_PRESENT: u64 = 0x10n;
const FETCH_NO_EXECUTE: u64 = 0x11n;

const NOT_CANONICAL: u64 = 0x8000_0000_0000_0000n;
const UNMAPPED: u64 = 0xdead_beafn;
/** Bytes from one routine in `software_interrupts` to the next. */
const SOFTWARE_INTERRUPT_SIZE: u64 = 4n;
/** A vector that nothing uses. */
const FREE_VECTOR: u32 = 0x50;
/** Selector of the entry of `testGdt` that tests change. */
const TEST_SELECTOR: u16 = 0x38;
/** A selector behind the end of every GDT here. */
const SELECTOR_BEYOND: u64 = 0x1230n;

/** Where the local APIC is after reset, and where a test shows it. Intel SDM Vol. 3A, "Local APIC". */
const LOCAL_APIC: u64 = 0xfee0_0000n;
const LOCAL_APIC_WINDOW: u64 = 0x50_0000n;
const APIC_IDENTITY: u64 = 0x20n;
const APIC_COMMAND_LOW: u64 = 0x300n;
/** Bits 31..24: the identity of the processor that is meant. */
const APIC_COMMAND_HIGH: u64 = 0x310n;
/** Delivery mode NMI, level assert. */
const APIC_SEND_NMI: u32 = 0x4400;

/** Data that tests write to and jump into: RET at first. */
class Target {
  word: u64 = 0xc3n;
}
const target = new Target();
/** Null, code, data, TSS in two entries, and one for tests. */
const testGdt = new FixedArray<u64, 8>();
const testTaskState = new TaskState();

export const TRAP_TESTS: FixedArray<MetalTest, 30> = [
  { name: "probes", run: testProbes },
  { name: "write-xor-execute", run: testWriteXorExecute },
  { name: "guard-pages", run: testGuardPages },
  { name: "unmapped", run: testUnmapped },
  { name: "protections-on", run: testProtectionsOn },
  { name: "user-pages", run: testUserPages },
  { name: "reserved-bit", run: testReservedBit },
  { name: "exceptions", run: testExceptions },
  { name: "nmi", run: testNmi },
  { name: "silence", run: testSilence },
  { name: "symbols", run: testSymbols },
  { name: "software-exceptions", run: testSoftwareExceptions },
  { name: "unexpected-interrupts", run: testUnexpectedInterrupts },
  { name: "trap-registers", run: testRegisters },
  { name: "breakpoint", run: testBreakpoint },
  { name: "stack-overflow-caught", run: testStackOverflow },
  { name: "fatal-divide-error", run: causeDivideError },
  { name: "fatal-debug", run: causeDebug },
  { name: "fatal-nmi", run: causeNmi },
  { name: "fatal-invalid-opcode", run: causeInvalidOpcode },
  { name: "fatal-device-not-available", run: causeDeviceNotAvailable },
  { name: "fatal-invalid-tss", run: causeInvalidTss },
  { name: "fatal-segment-not-present", run: causeSegmentNotPresent },
  { name: "fatal-gate-not-present", run: causeGateNotPresent },
  { name: "fatal-stack-segment", run: causeStackSegment },
  { name: "fatal-general-protection", run: causeGeneralProtection },
  { name: "fatal-x87-error", run: causeX87Error },
  { name: "fatal-damaged-frames", run: causeDamagedFrames },
  { name: "fatal-full-stack", run: causeFullStack },
  { name: "fatal-report-fails", run: causeFailingReport },
];

declare function cause_divide_error(): void;
declare function cause_debug(): void;
declare function cause_breakpoint(): void;
declare function cause_invalid_opcode(): void;
declare function cause_device_not_available(): void;
declare function cause_x87_error(): void;
declare function cause_stack_segment(selector: u16): void;
declare function cause_data_segment(selector: u16): void;
declare function cause_damaged_frames(): void;
declare function cause_full_stack(stack: u64): void;
declare function count_changed_registers(): u32;

// ---------------------------------------------------------------------------------------------------------------------
// Many faults in one boot.

/** Probes tell the truth about what works, too. */
function testProbes(): void {
  const address = addressOf(target);
  assert(probeRead(address));
  assert(probeWrite(address, 0x1234n));
  assert(target.word === 0x1234n);
  assert(probeExecute(addressOf(doNothing)));
  for (let round: u32 = 0; round < 1000; round += 1) {
    assert(!probeWrite(UNMAPPED, 42n));
    expectPageFault(UNMAPPED, WRITE_NOT_PRESENT);
  }
  assert(probeRead(address));
}

/** Text cannot be written, rodata neither written nor run, data not run. */
function testWriteXorExecute(): void {
  expectReadOnly(sectionStart(ImageSection.Text));
  expectReadOnly(sectionEnd(ImageSection.Text) - PAGE_SIZE);
  expectReadOnly(sectionStart(ImageSection.Rodata));
  expectReadOnly(sectionEnd(ImageSection.Rodata) - PAGE_SIZE);
  expectNotExecutable(sectionStart(ImageSection.Rodata));
  expectNotExecutable(sectionStart(ImageSection.Data));
  expectNotExecutable(addressOf(target));
  expectNotExecutable(stackBottom(Stack.Kernel));
  expectNotExecutable(stackTop(Stack.DoubleFault) - 8n);
  const frame = allocateFrame();
  assert(frame !== null, "no frame is free");
  expectNotExecutable(physToVirt(frameStart(frame)));
  assert(probeWrite(physToVirt(frameStart(frame)), 1n));
  freeFrame(frame);
}

/** Below every stack there is nothing; right above it there is the stack. */
function testGuardPages(): void {
  assert(guardPageCount() === 4);
  for (let i: u32 = 0; i < guardPageCount(); i += 1) {
    const guard = guardPageAt(i);
    expectUnmapped(guard);
    expectUnmapped(guard + PAGE_SIZE - 8n);
    assert(probeRead(guard + PAGE_SIZE));
  }
}

/** The null page, the lower half, the surroundings of the image, and addresses that cannot exist. */
function testUnmapped(): void {
  expectUnmapped(0n);
  expectUnmapped(8n);
  expectUnmapped(PAGE_SIZE - 8n);
  expectUnmapped(UNMAPPED);
  expectUnmapped(0x0000_7fff_ffff_f000n);
  expectUnmapped(sectionStart(ImageSection.Text) - 8n);
  expectUnmapped(sectionEnd(ImageSection.Data));
  expectUnmapped(0xffff_ffff_ffff_fff8n);
  assert(!probeRead(NOT_CANONICAL));
  expectFault(Vector.GeneralProtection, 0n);
  assert(!probeWrite(NOT_CANONICAL, 0n));
  expectFault(Vector.GeneralProtection, 0n);
  assert(!probeExecute(NOT_CANONICAL));
  expectFault(Vector.GeneralProtection, 0n);
}

/** Every exception that ring 0 can cause in QEMU, for real. Page faults are above, the double fault is below. */
function testExceptions(): void {
  expectRoutine(addressOfSymbol("cause_divide_error"), 0n, Vector.DivideError, 0n);
  expectRoutine(addressOfSymbol("cause_debug"), 0n, Vector.Debug, 0n);
  expectRoutine(addressOfSymbol("cause_invalid_opcode"), 0n, Vector.InvalidOpcode, 0n);
  expectRoutine(addressOfSymbol("cause_device_not_available"), 0n, Vector.DeviceNotAvailable, 0n);
  writeCr0(readCr0() & ~CR0_TASK_SWITCHED);
  expectRoutine(addressOfSymbol("cause_x87_error"), 0n, Vector.X87Error, 0n);
  shortenTaskState();
  expectRoutine(softwareInterrupt(u32(Vector.Nmi)), 0n, Vector.InvalidTss, u64(TASK_STATE));
  initSegments();
  removeGate();
  assert(!probeRoutine(softwareInterrupt(FREE_VECTOR), 0n, 0n));
  assert(lastProbeFault().vector === u32(Vector.SegmentNotPresent));
  initInterrupts();
  loadTestGdt(DATA_DESCRIPTOR & ~DESCRIPTOR_PRESENT);
  expectRoutine(addressOfSymbol("cause_stack_segment"), u64(TEST_SELECTOR), Vector.StackFault, u64(TEST_SELECTOR));
  expectRoutine(
    addressOfSymbol("cause_data_segment"),
    u64(TEST_SELECTOR),
    Vector.SegmentNotPresent,
    u64(TEST_SELECTOR),
  );
  initSegments();
  expectRoutine(addressOfSymbol("cause_data_segment"), SELECTOR_BEYOND, Vector.GeneralProtection, SELECTOR_BEYOND);
}

/** A non-maskable interrupt for real: the local APIC sends it to its own processor. */
function testNmi(): void {
  const page = pageContaining(virtAddr(LOCAL_APIC_WINDOW));
  const flags = flagsOf(UNCACHED | WRITABLE);
  assert(mapPage(kernelRoot(), page, frameContaining(physAddr(LOCAL_APIC)), flags) === MapResult.Mapped);
  for (let round: u32 = 0; round < 3; round += 1) {
    expectRoutine(addressOf(sendNmi), 0n, Vector.Nmi, 0n);
    expectStackUsed(Stack.Nmi);
  }
  const old = new PageMapping();
  const flush = unmapPage(kernelRoot(), page, old);
  assert(flush !== null);
  applyFlush(flush);
}

/** Sends it, and waits for it: one that never comes ends the probe as a success. */
function sendNmi(): void {
  const identity = peek32(LOCAL_APIC_WINDOW + APIC_IDENTITY);
  poke32(LOCAL_APIC_WINDOW + APIC_COMMAND_HIGH, identity);
  poke32(LOCAL_APIC_WINDOW + APIC_COMMAND_LOW, APIC_SEND_NMI);
  for (let i: u32 = 0; i < 1_000_000; i += 1) pause();
}

/** With interrupts on for a while none arrives: the firmware's timer, for one, must not reach us. */
function testSilence(): void {
  sti();
  for (let i: u32 = 0; i < 600_000; i += 1) pause();
  cli();
}

/** All 32 vectors by `int n`, or, where the CPU pushes an error code and `int n` does not, by an imitation of the CPU. */
function testSoftwareExceptions(): void {
  const errorCode: u64 = 0x5aa8n;
  for (let vector: u32 = 0; vector < 32; vector += 1) {
    if (vector === u32(Vector.Breakpoint)) continue;
    if (hasErrorCode(vector)) {
      assert(!probeRoutine(addressOfSymbol("enter_like_cpu"), stubOf(vector), errorCode));
      expectVector(vector, errorCode);
    } else {
      assert(!probeRoutine(softwareInterrupt(vector), 0n, 0n));
      expectVector(vector, 0n);
    }
  }
  expectStackUsed(Stack.MachineCheck);
}

/** Vectors above the exceptions are reported, and the kernel goes on. */
function testUnexpectedInterrupts(): void {
  for (let vector: u32 = 32; vector < VECTOR_COUNT; vector += 1) {
    assert(probeRoutine(softwareInterrupt(vector), 0n, 0n));
  }
}

/** A trap that continues changes nothing. */
function testRegisters(): void {
  for (let round: u32 = 0; round < 4; round += 1) {
    const changed = count_changed_registers();
    assert(changed === 0, `${changed} registers did not survive an interrupt`);
  }
}

/** A breakpoint continues, within a probe as well. */
function testBreakpoint(): void {
  cause_breakpoint();
  assert(probeRoutine(addressOfSymbol("cause_breakpoint"), 0n, 0n));
  log.info("went on behind the breakpoint");
}

/** Running out of stack is a double fault that a probe can come back from, again and again. */
function testStackOverflow(): void {
  for (let round: u32 = 0; round < 3; round += 1) {
    assert(!probeRoutine(addressOf(demoStackOverflow), 0n, 0n));
    expectFault(Vector.DoubleFault, 0n);
    expectStackUsed(Stack.DoubleFault);
  }
}

// ---------------------------------------------------------------------------------------------------------------------
// One fault for good.

function causeDivideError(): void {
  cause_divide_error();
}

function causeDebug(): void {
  cause_debug();
}

function causeNmi(): void {
  callAddress(softwareInterrupt(u32(Vector.Nmi)));
}

function causeInvalidOpcode(): void {
  cause_invalid_opcode();
}

function causeDeviceNotAvailable(): void {
  cause_device_not_available();
}

function causeInvalidTss(): void {
  shortenTaskState();
  callAddress(softwareInterrupt(u32(Vector.Nmi)));
}

function causeSegmentNotPresent(): void {
  loadTestGdt(DATA_DESCRIPTOR & ~DESCRIPTOR_PRESENT);
  cause_data_segment(TEST_SELECTOR);
}

function causeGateNotPresent(): void {
  removeGate();
  callAddress(softwareInterrupt(FREE_VECTOR));
}

function causeStackSegment(): void {
  loadTestGdt(DATA_DESCRIPTOR & ~DESCRIPTOR_PRESENT);
  cause_stack_segment(TEST_SELECTOR);
}

function causeGeneralProtection(): void {
  void peek8(NOT_CANONICAL);
}

function causeX87Error(): void {
  cause_x87_error();
}

function causeDamagedFrames(): void {
  cause_damaged_frames();
}

/** Leaves too little stack for a report: while it is written, the stack runs out. */
function causeFullStack(): void {
  cause_full_stack(stackBottom(Stack.Kernel) + 512n);
}

/** A panic whose message lies where nothing is mapped: printing it faults. */
function causeFailingReport(): void {
  panic(stringOver(sliceOf(overlay<Many<u8>>(UNMAPPED), 8)));
}

// ---------------------------------------------------------------------------------------------------------------------
// Tools.

function doNothing(): void {}

/** The first word that the CPU pushes on an exception's own stack is SS. Wiped, for the next time. */
function expectStackUsed(stack: Stack): void {
  const first = stackTop(stack) - 8n;
  assert(peek64(first) === u64(KERNEL_DATA), `the ${stackName(stack)} was not used`);
  poke64(first, 0n);
}

function softwareInterrupt(vector: u32): u64 {
  return addressOfSymbol("software_interrupts") + u64(vector) * SOFTWARE_INTERRUPT_SIZE;
}

function expectReadOnly(address: u64): void {
  assert(probeRead(address), `${hex(address)} cannot be read`);
  assert(!probeWrite(address, 0n), `${hex(address)} can be written`);
  expectPageFault(address, WRITE_TO_READ_ONLY);
}

function expectNotExecutable(address: u64): void {
  assert(!probeExecute(address), `${hex(address)} can be executed`);
  expectPageFault(address, FETCH_NO_EXECUTE);
}

function expectUnmapped(address: u64): void {
  assert(!probeRead(address), `${hex(address)} can be read`);
  expectPageFault(address, READ_NOT_PRESENT);
  assert(!probeWrite(address, 0n), `${hex(address)} can be written`);
  expectPageFault(address, WRITE_NOT_PRESENT);
  assert(!probeExecute(address), `${hex(address)} can be executed`);
  expectPageFault(address, FETCH_NOT_PRESENT);
}

function expectPageFault(address: u64, errorCode: u64): void {
  expectFault(Vector.PageFault, errorCode);
  const seen = lastProbeFault().address;
  assert(seen === address, `the fault was at ${hex(seen)}, not at ${hex(address)}`);
}

function expectRoutine(routine: u64, argument: u64, vector: Vector, errorCode: u64): void {
  assert(!probeRoutine(routine, argument, 0n), `vector ${u32(vector)} did not come`);
  expectFault(vector, errorCode);
}

function expectFault(vector: Vector, errorCode: u64): void {
  expectVector(u32(vector), errorCode);
}

function expectVector(vector: u32, errorCode: u64): void {
  const fault = lastProbeFault();
  assert(fault.vector === vector, `vector ${fault.vector} came instead of ${vector}`);
  assert(fault.errorCode === errorCode, `vector ${vector}: error code ${hex(fault.errorCode)}, not ${hex(errorCode)}`);
}

/** The gate stays an interrupt gate, but is not present. */
function removeGate(): void {
  const gate = gateOf(FREE_VECTOR);
  gate.attributes &= ~GATE_PRESENT;
}

/** A GDT like the kernel's, with one more entry. */
function loadTestGdt(entry: u64): void {
  testGdt[1] = CODE_DESCRIPTOR;
  testGdt[2] = DATA_DESCRIPTOR;
  testGdt[5] = taskStateLow(addressOf(testTaskState), offsetOf<TaskState>("ist1") - 1n);
  testGdt[6] = taskStateHigh(addressOf(testTaskState));
  testGdt[7] = entry;
  lgdt(addressOf(testGdt), u16(sizeOf<FixedArray<u64, 8>>() - 1n));
}

/** Loads a TSS that ends before its exception stacks: a gate that asks for one then raises #TS. */
function shortenTaskState(): void {
  loadTestGdt(0n);
  ltr(TASK_STATE);
}
