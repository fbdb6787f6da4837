/**
 * From the responses of the Limine boot protocol to BootInfo. Everything is copied: afterwards the loader's memory
 * may go.
 *
 * What the loader must answer: direct map, memory map, address of the kernel. All else may be missing and is then
 * empty. The kernel asks for base revision 3; Limine 7 and 8 do not know it and follow revision 2, which differs
 * here only in how the RSDP is given. See boot/limineProtocol.ts for the layouts.
 */

import { type PhysAddr, pagingLevels, physAddr, virtAddr } from "../arch/x86_64/addresses";
import { detectPagingLevels } from "../arch/x86_64/cpu";
import { BootInfo, FramebufferInfo, MAX_MEMORY_RANGES, MAX_MODULES, RawMemoryRange } from "./bootInfo";
import {
  FIVE_LEVEL_PAGING,
  FRAMEBUFFER_RGB,
  FramebufferResponse,
  HhdmResponse,
  KernelAddressResponse,
  KernelFileResponse,
  LimineFile,
  LimineFramebuffer,
  LoaderInfoResponse,
  MemoryMapResponse,
  ModuleResponse,
  PagingModeResponse,
  REQUESTED_REVISION,
  REVISION_NOT_TOLD,
  RsdpResponse,
  framebufferRequest,
  hhdmRequest,
  kernelAddressRequest,
  kernelFileRequest,
  loaderInfoRequest,
  memoryMapRequest,
  moduleRequest,
  pagingModeRequest,
  revisionTag,
  rsdpRequest,
} from "./limineProtocol";
import { entryKind, loaderProblem } from "./loader/loader";

/** What a loader follows that knows neither revision 3 nor how to say so. */
const REVISION_BEFORE_TELLING: u64 = 2n;
/** The newest whose differences are known here. */
const NEWEST_REVISION: u64 = 4n;

/** Bytes kept of texts; longer ones are cut off. */
const COMMAND_LINE_BYTES = 2048;
const LOADER_TEXT_BYTES = 64;
const MODULE_NAME_BYTES = 64;

/** 16384 pixels a side is more than any display has, and keeps every product below 32 bits. */
const MAX_FRAMEBUFFER_SIDE: u64 = 16384n;

const info = new BootInfo();
const commandLineBytes = new FixedArray<u8, 2048>();
const loaderNameBytes = new FixedArray<u8, 64>();
const loaderVersionBytes = new FixedArray<u8, 64>();
const moduleNameBytes = new FixedArray<u8, 1024>();
staticAssert(sizeOf<FixedArray<u8, 2048>>() === u64(COMMAND_LINE_BYTES));
staticAssert(sizeOf<FixedArray<u8, 64>>() === u64(LOADER_TEXT_BYTES));
staticAssert(sizeOf<FixedArray<u8, 1024>>() === u64(MAX_MODULES * MODULE_NAME_BYTES));

/**
 * Copies what the loader tells. Panics when the boot cannot go on: a loader of an unknown revision, bad information
 * from GRUB or PVH, no direct map, no memory map, no address of the kernel.
 */
export function readBootInfo(): BootInfo {
  detectPagingLevels();
  const problem = loaderProblem();
  if (problem !== null) panic(`cannot boot: ${problem}`);
  info.entry = entryKind();
  info.protocolRevision = followedRevision();
  checkPagingMode();
  readHhdm();
  readMemoryMap();
  readKernelAddress();
  readLoaderInfo();
  readCommandLine();
  readModules();
  readFramebuffer();
  readRsdp();
  return info;
}

function followedRevision(): u64 {
  if (revisionTag.requested === 0n) return REQUESTED_REVISION;
  const told = revisionTag.followed;
  if (told === REVISION_NOT_TOLD) return REVISION_BEFORE_TELLING;
  if (told > NEWEST_REVISION) {
    panic(`the loader follows base revision ${told} of the Limine boot protocol, known are 0 to ${NEWEST_REVISION}`);
  }
  return told;
}

/** The processor knows better than the loader, but that they differ means that something is wrong. */
function checkPagingMode(): void {
  const response = pagingModeRequest.request.response;
  if (response === 0n) return;
  const saysFive = overlay<PagingModeResponse>(response).mode === FIVE_LEVEL_PAGING;
  if (saysFive !== (pagingLevels() === 5)) {
    panic(`the loader speaks of ${saysFive ? 5 : 4}-level paging, the processor has ${pagingLevels()} levels on`);
  }
}

function readHhdm(): void {
  if (hhdmRequest.response === 0n) panic("the loader gives no direct map of physical memory (HHDM)");
  info.hhdmBase = overlay<HhdmResponse>(hhdmRequest.response).offset;
}

function readMemoryMap(): void {
  if (memoryMapRequest.response === 0n) panic("the loader gives no memory map");
  const response = overlay<MemoryMapResponse>(memoryMapRequest.response);
  const count = response.count;
  if (count > u64(MAX_MEMORY_RANGES)) {
    panic(`the loader's memory map has ${count} entries, at most ${MAX_MEMORY_RANGES} can be kept`);
  }
  const entries = overlay<Many<u64>>(response.entries);
  info.memoryMapLength = u32(count);
  for (let i: u32 = 0; i < info.memoryMapLength; i += 1) {
    copyStruct(info.memoryMap[i], overlay<RawMemoryRange>(entries[i]));
  }
}

function readKernelAddress(): void {
  if (kernelAddressRequest.response === 0n) panic("the loader does not tell where in memory the kernel is");
  const response = overlay<KernelAddressResponse>(kernelAddressRequest.response);
  info.kernelPhysBase = physAddr(response.physicalBase);
  info.kernelVirtBase = virtAddr(response.virtualBase);
}

function readLoaderInfo(): void {
  info.loaderName = "unknown loader";
  if (loaderInfoRequest.response === 0n) return;
  const response = overlay<LoaderInfoResponse>(loaderInfoRequest.response);
  info.loaderName = copyText(response.name, loaderNameBytes);
  info.loaderVersion = copyText(response.version, loaderVersionBytes);
}

function readCommandLine(): void {
  if (kernelFileRequest.response === 0n) return;
  const file = overlay<LimineFile>(overlay<KernelFileResponse>(kernelFileRequest.response).file);
  info.commandLine = copyText(file.commandLine, commandLineBytes);
  if (byteLength(info.commandLine) === COMMAND_LINE_BYTES) {
    log.warn(`the command line is cut off after ${COMMAND_LINE_BYTES} bytes`);
  }
}

function readModules(): void {
  if (moduleRequest.response === 0n) return;
  const response = overlay<ModuleResponse>(moduleRequest.response);
  const count = response.count;
  if (count > u64(MAX_MODULES)) log.warn(`the loader brings ${count} modules, only ${MAX_MODULES} are kept`);
  const files = overlay<Many<u64>>(response.modules);
  info.moduleCount = count > u64(MAX_MODULES) ? MAX_MODULES : u32(count);
  for (let i: u32 = 0; i < info.moduleCount; i += 1) readModule(i, overlay<LimineFile>(files[i]));
}

function readModule(index: u32, file: LimineFile): void {
  const module = info.modules[index];
  const start = index * MODULE_NAME_BYTES;
  const bytes = subslice(moduleNameBytes, start, start + MODULE_NAME_BYTES);
  module.start = toPhysical(file.address);
  module.length = file.size;
  module.name = copyText(file.commandLine, bytes);
  if (byteLength(module.name) === 0) module.name = copyText(lastPathPart(file.path), bytes);
}

/** Address of what follows the last slash of a zero-terminated path. */
function lastPathPart(path: u64): u64 {
  if (path === 0n) return 0n;
  const bytes = overlay<Many<u8>>(path);
  let start: u32 = 0;
  for (let i: u32 = 0; bytes[i] !== 0; i += 1) {
    if (bytes[i] === SLASH) start = i + 1;
  }
  return path + u64(start);
}
const SLASH: u8 = 0x2f;

function readFramebuffer(): void {
  if (framebufferRequest.response === 0n) return;
  const response = overlay<FramebufferResponse>(framebufferRequest.response);
  if (response.count === 0n) return;
  const found = overlay<LimineFramebuffer>(overlay<Many<u64>>(response.framebuffers)[0]);
  if (!isSupported(found)) {
    log.warn(
      `framebuffer ignored: ${found.width} x ${found.height}, ${found.bitsPerPixel} bits; needed are 32 bits RGB`,
    );
    return;
  }
  copyFramebuffer(found, info.framebuffer);
}

function isSupported(found: LimineFramebuffer): bool {
  if (found.memoryModel !== FRAMEBUFFER_RGB || found.bitsPerPixel !== 32) return false;
  if (found.redSize !== 8 || found.greenSize !== 8 || found.blueSize !== 8) return false;
  if (found.redShift > 24 || found.greenShift > 24 || found.blueShift > 24) return false;
  if (found.width === 0n || found.width > MAX_FRAMEBUFFER_SIDE) return false;
  if (found.height === 0n || found.height > MAX_FRAMEBUFFER_SIDE) return false;
  return found.pitch >= found.width * 4n && found.pitch <= MAX_FRAMEBUFFER_SIDE * 4n && found.pitch % 4n === 0n;
}

function copyFramebuffer(found: LimineFramebuffer, target: FramebufferInfo): void {
  target.present = true;
  target.address = toPhysical(found.address);
  target.width = u32(found.width);
  target.height = u32(found.height);
  target.pitch = u32(found.pitch);
  target.bitsPerPixel = found.bitsPerPixel;
  target.redShift = found.redShift;
  target.greenShift = found.greenShift;
  target.blueShift = found.blueShift;
}

function readRsdp(): void {
  if (rsdpRequest.response === 0n) return;
  info.rsdp = toPhysical(overlay<RsdpResponse>(rsdpRequest.response).address);
}

/** The physical address of a pointer into the direct map; what lies below the map is physical already. */
function toPhysical(pointer: u64): PhysAddr {
  return physAddr(pointer >= info.hhdmBase ? pointer - info.hhdmBase : pointer);
}

/** Copies a zero-terminated text, at most as much as `storage` holds. Address 0 is the empty text. */
function copyText(address: u64, storage: Slice<u8>): string {
  if (address === 0n) return "";
  const source = overlay<Many<u8>>(address);
  let length: u32 = 0;
  while (length < storage.length && source[length] !== 0) {
    storage[length] = source[length];
    length += 1;
  }
  return stringOver(subslice(storage, 0, length));
}
