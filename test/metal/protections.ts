/** What the CPU's protections do to the kernel itself: each is on where the CPU has it, and bites. */
import { type Frame, frameStart, type Page, pageContaining, virtAddr } from "../../arch/x86_64/addresses";
import { rootTable } from "../../arch/x86_64/contexts";
import { activeProtections, detectCpu } from "../../arch/x86_64/cpu";
import { PAGE_FAULT_RESERVED_BIT, Vector } from "../../arch/x86_64/exceptions";
import { IA32_PAT, PAT_LAYOUT } from "../../arch/x86_64/msr";
import { EXECUTABLE, flagsOf, USER, WRITABLE } from "../../arch/x86_64/pageTable";
import { physToVirt } from "../../arch/x86_64/physmap";
import { lastProbeFault, probeExecute, probeRead, probeWrite } from "../../arch/x86_64/probe";
import { applyFlush } from "../../arch/x86_64/tlb";
import { allocateFrame, freeFrame } from "../../kernel/mm/frameAllocator";
import { kernelRoot } from "../../kernel/mm/kernelSpace";
import { mapPage, MapResult, PageMapping, unmapPage } from "../../kernel/mm/pageMapper";
import { Walk, walkAddress } from "../../kernel/mm/walk";

/** In the lower half, where the kernel maps nothing. */
const USER_ADDRESS: u64 = 0x40_0000n;
/** RET. */
const RETURN: u64 = 0xc3n;

const READ_FORBIDDEN: u64 = 0x1n;
const WRITE_FORBIDDEN: u64 = 0x3n;
const FETCH_FORBIDDEN: u64 = 0x11n;

/** The highest bit of an entry's frame: reserved on CPUs with narrower physical addresses. */
const HIGHEST_FRAME_BIT: u64 = 1n << 51n;
const MAX_PHYSICAL_BITS: u32 = 52;

/** The registers agree with CPUID. */
export function testProtectionsOn(): void {
  const cpu = detectCpu();
  const active = activeProtections();
  assert(active.writeProtect);
  assert(active.noExecute === cpu.hasNoExecute);
  assert(active.smep === cpu.hasSmep);
  assert(active.smap === cpu.hasSmap);
  assert(active.umip === cpu.hasUmip);
  assert(active.globalPages === cpu.hasGlobalPages);
  assert(active.machineCheck === cpu.hasMachineCheck);
  assert(readMsr(IA32_PAT) === PAT_LAYOUT);
}

/** SMAP keeps the kernel from reading and writing user pages, SMEP from running them. */
export function testUserPages(): void {
  const cpu = detectCpu();
  const frame = mapUserPage();
  expectAccess(probeRead(USER_ADDRESS), !cpu.hasSmap, READ_FORBIDDEN);
  expectAccess(probeWrite(USER_ADDRESS, RETURN), !cpu.hasSmap, WRITE_FORBIDDEN);
  expectAccess(probeExecute(USER_ADDRESS), !cpu.hasSmep, FETCH_FORBIDDEN);
  if (cpu.hasSmap) {
    stac();
    assert(probeRead(USER_ADDRESS));
    assert(probeWrite(USER_ADDRESS, RETURN));
    clac();
    expectAccess(probeRead(USER_ADDRESS), false, READ_FORBIDDEN);
  }
  unmapUserPage(frame);
  expectAccess(probeRead(USER_ADDRESS), false, 0n);
}

/** An entry with a reserved bit faults, and the error code says so. */
export function testReservedBit(): void {
  assert(detectCpu().physicalAddressBits < MAX_PHYSICAL_BITS, "this CPU reserves no bit of a frame");
  const frame = mapUserPage();
  const entry = leafEntryAddress();
  poke64(entry, peek64(entry) | HIGHEST_FRAME_BIT);
  assert(!probeRead(USER_ADDRESS));
  // A processor also sets bit 0, as the entry is present. QEMU 7.2 does not.
  assert((lastProbeFault().errorCode & PAGE_FAULT_RESERVED_BIT) !== 0n);
  poke64(entry, peek64(entry) & ~HIGHEST_FRAME_BIT);
  unmapUserPage(frame);
}

function expectAccess(worked: bool, expected: bool, errorCode: u64): void {
  assert(worked === expected, `the access ${worked ? "worked" : "faulted"}`);
  if (worked) return;
  const fault = lastProbeFault();
  assert(fault.vector === u32(Vector.PageFault));
  assert(fault.address === USER_ADDRESS);
  assert(fault.errorCode === errorCode, `error code ${hex(fault.errorCode)}, not ${hex(errorCode)}`);
}

/** A page that ring 3 may read, write and run, with RET in it. */
function mapUserPage(): Frame {
  const frame = allocateFrame();
  assert(frame !== null, "no frame is free");
  poke64(physToVirt(frameStart(frame)), RETURN);
  assert(mapPage(kernelRoot(), userPage(), frame, flagsOf(USER | WRITABLE | EXECUTABLE)) === MapResult.Mapped);
  return frame;
}

function unmapUserPage(frame: Frame): void {
  const old = new PageMapping();
  const flush = unmapPage(kernelRoot(), userPage(), old);
  assert(flush !== null, "the page was not mapped");
  applyFlush(flush);
  freeFrame(frame);
}

function userPage(): Page {
  return pageContaining(virtAddr(USER_ADDRESS));
}

/** Where the HHDM shows the last entry of the walk to the user page. */
function leafEntryAddress(): u64 {
  const walk = new Walk();
  walkAddress(rootTable(), USER_ADDRESS, walk);
  const leaf = walk.steps[walk.stepCount - 1];
  return physToVirt(frameStart(leaf.table)) + u64(leaf.index) * 8n;
}
