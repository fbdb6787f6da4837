/**
 * From the loader's memory map to a kernel that owns its memory:
 *
 *     raw ranges -> regions -> frames -> own tables -> CR3 -> the loader's memory joins the pool
 *
 * Nothing is logged before the switch: serial output would be the most of its time.
 */

import { type Frame, PAGE_SIZE, frameAt, physAddr, virtAddr } from "../../arch/x86_64/addresses";
import { enableProcessContexts } from "../../arch/x86_64/contexts";
import { detectCpu, enableProtections } from "../../arch/x86_64/cpu";
import { physToVirt, setPhysmapBase } from "../../arch/x86_64/physmap";
import { readTimestamp } from "../../arch/x86_64/timestamp";
import { PhysmapMode, useTables } from "../../arch/x86_64/tableAccess";
import { loadRootTable } from "../../arch/x86_64/tlb";
import { type BootInfo, MemoryKind } from "../../boot/bootInfo";
import { initFaults } from "./faults";
import { addFrames, bitmapFrameCount, freeFrameCount, initFrameAllocator, managedFrameCount } from "./frameAllocator";
import { frameInfoFrameCount, initFrames } from "./frames";
import { initHeap } from "./heap";
import { buildKernelSpace, kernelImageFrames } from "./kernelSpace";
import { addClaim, addRange, beginMemoryMap, finishMemoryMap, framesOfKind, isRamKind, memoryMap } from "./memoryMap";
import { memoryReport } from "./memoryReport";
import { proveProtection } from "./protectionProof";

/** Loaders show at least this much in their HHDM. */
const LOADER_HHDM_FRAMES: u64 = 1n << 20n;

/**
 * Takes memory over. Afterwards nothing of the loader's is in use or even mapped, but what `info` copied. Runs once,
 * on the kernel's own stack, GDT and IDT. Page tables are reached by `mode` then, and address spaces have process
 * contexts where they are allowed and the processor has them. Anything that makes it impossible: panic.
 */
export function initMemory(info: BootInfo, mode: PhysmapMode = PhysmapMode.Offset, processContexts: bool = true): void {
  memoryReport.startTicks = readTimestamp();
  const cpu = detectCpu();
  setPhysmapBase(virtAddr(info.hhdmBase));
  readMemoryMap(info, u64(cpu.physicalAddressBits));
  memoryReport.mapTicks = readTimestamp();
  initFrameAllocator(memoryMap, frameAt(LOADER_HHDM_FRAMES));
  initFrames(memoryMap);
  initHeap();
  memoryReport.allocatorTicks = readTimestamp();
  enableProtections();
  const root = buildKernelSpace(memoryMap, info, cpu.has1GiBPages, mode);
  memoryReport.tablesTicks = readTimestamp();
  switchTo(root, mode);
  if (processContexts && cpu.hasProcessContexts) enableProcessContexts();
  memoryReport.provenTables = proveProtection(root);
  memoryReport.proofTicks = readTimestamp();
  reclaimLoaderMemory();
  initFaults();
  fillReport(info);
  if (memoryMap.isTruncated) log.warn("the memory map has too many regions: memory above the last one stays unused");
}

/** The loader's ranges, and what must never be handed out whatever they say. */
function readMemoryMap(info: BootInfo, physicalBits: u64): void {
  beginMemoryMap(physicalBits);
  for (let i: u32 = 0; i < info.memoryMapLength; i += 1) addRange(info.memoryMap[i]);
  addClaim(physAddr(0n), PAGE_SIZE, MemoryKind.Reserved);
  addClaim(info.kernelPhysBase, kernelImageFrames() * PAGE_SIZE, MemoryKind.KernelAndModules);
  for (let i: u32 = 0; i < info.moduleCount; i += 1) {
    addClaim(info.modules[i].start, info.modules[i].length, MemoryKind.KernelAndModules);
  }
  const framebuffer = info.framebuffer;
  if (framebuffer.present) {
    addClaim(framebuffer.address, u64(framebuffer.pitch) * u64(framebuffer.height), MemoryKind.Framebuffer);
  }
  finishMemoryMap(memoryMap);
}

function switchTo(root: Frame, mode: PhysmapMode): void {
  loadRootTable(root);
  useTables(mode);
  memoryReport.pagingOnTicks = readTimestamp();
}

/** Stack, GDT, IDT and tables are the kernel's own now, and BootInfo is a copy: the loader's memory is free. */
function reclaimLoaderMemory(): void {
  const before = managedFrameCount();
  for (let i: u32 = 0; i < memoryMap.length; i += 1) {
    const region = memoryMap.regions[i];
    if (region.kind === MemoryKind.BootloaderReclaimable) addFrames(region.first, region.end);
  }
  memoryReport.reclaimedFrames = managedFrameCount() - before;
  memoryReport.reclaimTicks = readTimestamp();
}

function fillReport(info: BootInfo): void {
  memoryReport.ramFrames = 0n;
  for (let i: u32 = 0; i < memoryMap.length; i += 1) {
    const region = memoryMap.regions[i];
    if (isRamKind(region.kind)) memoryReport.ramFrames += region.end - region.first;
  }
  memoryReport.reservedFrames =
    framesOfKind(memoryMap, MemoryKind.AcpiReclaimable) +
    framesOfKind(memoryMap, MemoryKind.AcpiNvs) +
    framesOfKind(memoryMap, MemoryKind.ReservedMapped);
  memoryReport.managedFrames = managedFrameCount();
  memoryReport.freeFrames = freeFrameCount();
  memoryReport.imageFrames = kernelImageFrames();
  memoryReport.bitmapFrames = bitmapFrameCount();
  memoryReport.infoFrames = frameInfoFrameCount();
  memoryReport.framebufferAddress = physToVirt(info.framebuffer.address);
}
