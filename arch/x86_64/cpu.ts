/**
 * What this processor can do, and the protections that depend on it. Setting a CR4 bit that a CPU lacks is an error,
 * so each bit is gated on CPUID.
 *
 *     leaf 0x0000_0001  MCE, MTRR, PGE, PAT, APIC, PCID, RDRAND         leaf 0x8000_0001  NX, 1 GiB pages
 *     leaf 0x0000_0007  SMEP, SMAP, UMIP, LA57, INVPCID, RDSEED         leaf 0x8000_0008  widths of addresses
 *     leaf 0x0000_000d  what XSAVE saves
 *
 * Intel SDM Vol. 2A, "CPUID"; Vol. 3A, "Control Registers".
 */

import {
  CR0_NUMERIC_ERROR,
  CR0_WRITE_PROTECT,
  CR4_GLOBAL_PAGES,
  CR4_LA57,
  CR4_MACHINE_CHECK,
  CR4_PROCESS_CONTEXTS,
  CR4_SMAP,
  CR4_SMEP,
  CR4_UMIP,
  EFER_NO_EXECUTE,
} from "./controlRegisters";
import { IA32_EFER, IA32_PAT, PAT_LAYOUT } from "./msr";
import { setNoExecuteSupport } from "./pageTable";
import { adoptLevels } from "./tableAccess";
import { setInvpcidSupport } from "./tlb";

/** What CPUID told. */
export class CpuFeatures {
  /** Whether the rest is filled in. */
  known: bool;
  /** "GenuineIntel", "AuthenticAMD", ... */
  vendor: string = "";
  /** The processor's full name, or "". */
  brand: string = "";
  hasNoExecute: bool;
  has1GiBPages: bool;
  hasSmep: bool;
  hasSmap: bool;
  hasUmip: bool;
  hasGlobalPages: bool;
  /** PCID, and global pages: without these the kernel half would need flushes by every context. */
  hasProcessContexts: bool;
  hasInvpcid: bool;
  hasPat: bool;
  hasMtrr: bool;
  hasMachineCheck: bool;
  hasApic: bool;
  hasLa57: bool;
  hasFastStrings: bool;
  hasRdrand: bool;
  hasRdseed: bool;
  isVirtual: bool;
  /** The state components that XSAVE knows, as XCR0 names them; 0: there is no XSAVE. */
  vectorComponents: u64;
  /** Bits of a physical address: 36 .. 52. */
  physicalAddressBits: u32;
  /** Bits of a virtual address: 48, or 57 where LA57 exists. */
  virtualAddressBits: u32;
}

/** Which protections are on, as the registers say. */
export class Protections {
  writeProtect: bool;
  noExecute: bool;
  smep: bool;
  smap: bool;
  umip: bool;
  globalPages: bool;
  processContexts: bool;
  machineCheck: bool;
  fiveLevelPaging: bool;
}

/** RFLAGS.AC. In ring 0 it stands for permission under SMAP. */
const RFLAGS_ALIGNMENT_CHECK: u64 = 1n << 18n;

const features = new CpuFeatures();
const protections = new Protections();
const vendorBytes = new FixedArray<u8, 12>();
const brandBytes = new FixedArray<u8, 48>();

const STATE_COMPONENTS: u32 = 0xd;
const EXTENDED: u32 = 0x8000_0000;
/** What processors had before they told. */
const DEFAULT_PHYSICAL_BITS: u32 = 36;
const DEFAULT_VIRTUAL_BITS: u32 = 48;

/** The features of this processor. Asks it once. */
export function detectCpu(): CpuFeatures {
  if (features.known) return features;
  readVendor();
  readBasicFeatures();
  readExtendedFeatures();
  readBrand();
  features.known = true;
  return features;
}

/**
 * Turns on what keeps pages what they are: write protection for ring 0, no-execute, SMEP, SMAP, UMIP, global pages,
 * and gives PAT entry 5 the type write-combining. Each where the CPU has it. Before the first table entry with
 * NO_EXECUTE is used.
 */
export function enableProtections(): void {
  const cpu = detectCpu();
  writeCr0(readCr0() | CR0_WRITE_PROTECT | CR0_NUMERIC_ERROR);
  if (cpu.hasNoExecute) writeMsr(IA32_EFER, readMsr(IA32_EFER) | EFER_NO_EXECUTE);
  setNoExecuteSupport(cpu.hasNoExecute);
  setInvpcidSupport(cpu.hasInvpcid);
  if (cpu.hasPat) writeMsr(IA32_PAT, PAT_LAYOUT);
  writeCr4(readCr4() | supportedCr4Bits(cpu));
}

/** Adopts the number of paging levels that the loader chose: CR4.LA57 cannot be changed in long mode. */
export function detectPagingLevels(): void {
  adoptLevels((readCr4() & CR4_LA57) === 0n ? 4 : 5);
}

/** The protections in force, read from the control registers. */
export function activeProtections(): Protections {
  const cr4 = readCr4();
  protections.writeProtect = (readCr0() & CR0_WRITE_PROTECT) !== 0n;
  protections.noExecute = (readMsr(IA32_EFER) & EFER_NO_EXECUTE) !== 0n;
  protections.smep = (cr4 & CR4_SMEP) !== 0n;
  protections.smap = (cr4 & CR4_SMAP) !== 0n;
  protections.umip = (cr4 & CR4_UMIP) !== 0n;
  protections.globalPages = (cr4 & CR4_GLOBAL_PAGES) !== 0n;
  protections.processContexts = (cr4 & CR4_PROCESS_CONTEXTS) !== 0n;
  protections.machineCheck = (cr4 & CR4_MACHINE_CHECK) !== 0n;
  protections.fiveLevelPaging = (cr4 & CR4_LA57) !== 0n;
  return protections;
}

/**
 * Takes the permission back that interrupted code may have had to touch pages of ring 3: an exception leaves
 * RFLAGS.AC as it was.
 */
export function closeUserPages(): void {
  if (features.hasSmap) clac();
}

/** Whether ring 0 was permitted to touch pages of ring 3 when it had these RFLAGS. */
export function hadUserPagesOpen(rflags: u64): bool {
  return !features.hasSmap || (rflags & RFLAGS_ALIGNMENT_CHECK) !== 0n;
}

function supportedCr4Bits(cpu: CpuFeatures): u64 {
  let bits: u64 = 0n;
  if (cpu.hasMachineCheck) bits |= CR4_MACHINE_CHECK;
  if (cpu.hasGlobalPages) bits |= CR4_GLOBAL_PAGES;
  if (cpu.hasSmep) bits |= CR4_SMEP;
  if (cpu.hasSmap) bits |= CR4_SMAP;
  if (cpu.hasUmip) bits |= CR4_UMIP;
  return bits;
}

function readVendor(): void {
  const result = new CpuidResult();
  cpuid(0, 0, result);
  putRegister(vendorBytes, 0, result.ebx);
  putRegister(vendorBytes, 4, result.edx);
  putRegister(vendorBytes, 8, result.ecx);
  features.vendor = stringOver(vendorBytes);
}

function readBasicFeatures(): void {
  const result = new CpuidResult();
  cpuid(0, 0, result);
  const highestLeaf = result.eax;
  cpuid(1, 0, result);
  features.hasMachineCheck = hasBit(result.edx, 7);
  features.hasApic = hasBit(result.edx, 9);
  features.hasMtrr = hasBit(result.edx, 12);
  features.hasGlobalPages = hasBit(result.edx, 13);
  features.hasPat = hasBit(result.edx, 16);
  features.hasProcessContexts = hasBit(result.ecx, 17) && features.hasGlobalPages;
  features.hasRdrand = hasBit(result.ecx, 30);
  features.isVirtual = hasBit(result.ecx, 31);
  const hasXsave = hasBit(result.ecx, 26);
  if (highestLeaf < 7) return;
  cpuid(7, 0, result);
  features.hasSmep = hasBit(result.ebx, 7);
  features.hasFastStrings = hasBit(result.ebx, 9);
  features.hasInvpcid = hasBit(result.ebx, 10);
  features.hasRdseed = hasBit(result.ebx, 18);
  features.hasSmap = hasBit(result.ebx, 20);
  features.hasUmip = hasBit(result.ecx, 2);
  features.hasLa57 = hasBit(result.ecx, 16);
  if (hasXsave && highestLeaf >= STATE_COMPONENTS) readVectorComponents();
}

function readVectorComponents(): void {
  const result = new CpuidResult();
  cpuid(STATE_COMPONENTS, 0, result);
  features.vectorComponents = (u64(result.edx) << 32n) | u64(result.eax);
}

function readExtendedFeatures(): void {
  const result = new CpuidResult();
  features.physicalAddressBits = DEFAULT_PHYSICAL_BITS;
  features.virtualAddressBits = DEFAULT_VIRTUAL_BITS;
  const highestLeaf = highestExtendedLeaf();
  if (highestLeaf < EXTENDED + 1) return;
  cpuid(EXTENDED + 1, 0, result);
  features.hasNoExecute = hasBit(result.edx, 20);
  features.has1GiBPages = hasBit(result.edx, 26);
  if (highestLeaf < EXTENDED + 8) return;
  cpuid(EXTENDED + 8, 0, result);
  features.physicalAddressBits = result.eax & 0xff;
  features.virtualAddressBits = (result.eax >>> 8) & 0xff;
}

/** Three leaves of 16 bytes, filled up with zero bytes; some processors start with spaces. */
function readBrand(): void {
  if (highestExtendedLeaf() < EXTENDED + 4) return;
  const result = new CpuidResult();
  for (let i: u32 = 0; i < 3; i += 1) {
    cpuid(EXTENDED + 2 + i, 0, result);
    putRegister(brandBytes, i * 16, result.eax);
    putRegister(brandBytes, i * 16 + 4, result.ebx);
    putRegister(brandBytes, i * 16 + 8, result.ecx);
    putRegister(brandBytes, i * 16 + 12, result.edx);
  }
  features.brand = trimmedText(brandBytes);
}

function highestExtendedLeaf(): u32 {
  const result = new CpuidResult();
  cpuid(EXTENDED, 0, result);
  return result.eax;
}

function hasBit(bits: u32, bit: u32): bool {
  return ((bits >>> bit) & 1) !== 0;
}

/** Four characters, the first in the lowest byte. */
function putRegister(bytes: Slice<u8>, offset: u32, value: u32): void {
  for (let i: u32 = 0; i < 4; i += 1) bytes[offset + i] = u8.wrap(value >>> (i * 8));
}

/** The bytes up to the first zero, without spaces at either end. */
function trimmedText(bytes: Slice<u8>): string {
  const SPACE: u8 = 32;
  let start: u32 = 0;
  let end: u32 = 0;
  while (end < bytes.length && bytes[end] !== 0) end += 1;
  while (start < end && bytes[start] === SPACE) start += 1;
  while (end > start && bytes[end - 1] === SPACE) end -= 1;
  return stringOver(subslice(bytes, start, end));
}
