/**
 * The start information of a PVH boot, as QEMU's -kernel, Firecracker and Cloud Hypervisor leave it in memory.
 *
 *     hvm_start_info --> command line (zero-terminated)
 *                    --> RSDP
 *                    --> memory map      hvm_memmap_table_entry[], since version 1
 *                    --> modules         hvm_modlist_entry[] --> module, its command line
 *
 * All addresses are physical. "x86/HVM direct boot ABI" (Xen).
 */

import { physmapBase } from "../../arch/x86_64/physmap";
import { MemoryKind } from "../bootInfo";
import {
  addBiosRange,
  addModule,
  claimMemory,
  isAddressable,
  isReachable,
  setCommandLine,
  setLoader,
  setRsdp,
} from "./responses";

/** What the first word of the start information must be. boot/loader/entry.asm passes it on for this entry. */
export const PVH_MAGIC: u32 = 0x336e_c578;

class StartInfo {
  magic: u32;
  version: u32;
  flags: u32;
  moduleCount: u32;
  modules: u64;
  commandLine: u64;
  rsdp: u64;
  /** From here on since version 1. */
  memoryMap: u64;
  memoryMapCount: u32;
  reserved: u32;
}
staticAssert(sizeOf<StartInfo>() === 56n);

class ModuleEntry {
  address: u64;
  bytes: u64;
  commandLine: u64;
  reserved: u64;
}
staticAssert(sizeOf<ModuleEntry>() === 32n);

class MemoryMapEntry {
  base: u64;
  length: u64;
  kind: u32;
  reserved: u32;
}
staticAssert(sizeOf<MemoryMapEntry>() === 24n);

/** More entries than any machine has: what is larger is no count. */
const MAX_COUNT: u32 = 65536;
/** A text may go on to the end of the direct map: at least so much of it must lie inside. */
const TEXT_BYTES: u64 = 4096n;
const RSDP_BYTES: u64 = 36n;

/** Collects what the start information at a physical address tells. Returns what is wrong with it, or null. */
export function readPvh(information: u64): string | null {
  if (!isReachable(information, sizeOf<StartInfo>())) return "the PVH start information is not below 4 GiB";
  const info = overlay<StartInfo>(physmapBase() + information);
  if (info.magic !== PVH_MAGIC) return "the PVH start information has a wrong magic number";
  if (info.version === 0) return "PVH start information of version 0 has no memory map; version 1 is needed";
  claimMemory(information, sizeOf<StartInfo>(), MemoryKind.BootloaderReclaimable);
  setLoader(addressOf("PVH\0"), 0n);
  return readMemoryMap(info) ?? readModules(info) ?? readCommandLine(info) ?? readRsdp(info);
}

function readMemoryMap(info: StartInfo): string | null {
  const bytes = u64(info.memoryMapCount) * sizeOf<MemoryMapEntry>();
  if (info.memoryMapCount > MAX_COUNT || !isReachable(info.memoryMap, bytes)) {
    return "the PVH memory map does not fit below 4 GiB";
  }
  claimMemory(info.memoryMap, bytes, MemoryKind.BootloaderReclaimable);
  for (const entry of sliceOf(overlay<Many<MemoryMapEntry>>(physmapBase() + info.memoryMap), info.memoryMapCount)) {
    addBiosRange(entry.base, entry.length, entry.kind);
  }
  return null;
}

function readModules(info: StartInfo): string | null {
  if (info.moduleCount === 0) return null;
  const bytes = u64(info.moduleCount) * sizeOf<ModuleEntry>();
  if (info.moduleCount > MAX_COUNT || !isReachable(info.modules, bytes)) {
    return "the PVH module list does not fit below 4 GiB";
  }
  claimMemory(info.modules, bytes, MemoryKind.BootloaderReclaimable);
  for (const entry of sliceOf(overlay<Many<ModuleEntry>>(physmapBase() + info.modules), info.moduleCount)) {
    if (!isReachable(entry.commandLine, TEXT_BYTES)) return "the text of a PVH module is not below 4 GiB";
    if (!isAddressable(entry.address, entry.bytes)) return "a PVH module lies beyond 64 TiB";
    if (addModule(entry.address, entry.bytes, textAt(entry.commandLine))) claimText(entry.commandLine);
  }
  return null;
}

/** Virtual address of a text; 0 stays 0. */
function textAt(address: u64): u64 {
  return address === 0n ? 0n : physmapBase() + address;
}

function readCommandLine(info: StartInfo): string | null {
  if (info.commandLine === 0n) return null;
  if (!isReachable(info.commandLine, TEXT_BYTES)) return "the PVH command line is not below 4 GiB";
  setCommandLine(physmapBase() + info.commandLine);
  claimText(info.commandLine);
  return null;
}

/**
 * A text's length is unknown, and readBootInfo() copies it before memory is given out: what is kept must not be
 * usable.
 */
function claimText(address: u64): void {
  if (address !== 0n) claimMemory(address, TEXT_BYTES, MemoryKind.BootloaderReclaimable);
}

function readRsdp(info: StartInfo): string | null {
  if (info.rsdp === 0n) return null;
  if (!isReachable(info.rsdp, RSDP_BYTES)) return "the PVH start information tells an RSDP that is not below 4 GiB";
  claimMemory(info.rsdp, RSDP_BYTES, MemoryKind.AcpiReclaimable);
  setRsdp(info.rsdp);
  return null;
}
