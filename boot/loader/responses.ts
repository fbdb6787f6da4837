/**
 * The answers to the kernel's Limine requests, collected from what another loader tells. The readers of its
 * information add facts in any order; answerRequests() then builds the responses.
 *
 * Loaders other than Limine say "available" of memory that holds the kernel, its modules and their own information.
 * Such ranges are claimed here, and every usable range is split around them:
 *
 *     before   |                    usable                     |
 *     claims              [ kernel )      [ information )
 *     after    |  usable  | kernel | usable | reclaimable |    |
 *
 * Claims are of whole pages; the pieces go to the end of the list.
 *
 * All of it lies in the kernel image. Addresses in responses are in the direct map of boot/loader/entry.asm, whose
 * base is physmapBase(): on the host, under test, that is an arena.
 */

import { pagingLevels } from "../../arch/x86_64/addresses";
import { physmapBase } from "../../arch/x86_64/physmap";
import { MAX_MEMORY_RANGES, MAX_MODULES, MemoryKind, RawMemoryRange } from "../bootInfo";
import {
  FIVE_LEVEL_PAGING,
  FOUR_LEVEL_PAGING,
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
} from "../limineProtocol";

/** Physical addresses that fit between the base of the direct map and the kernel image: 64 TiB. */
const ADDRESSABLE_BYTES: u64 = 1n << 46n;
/** What the direct map of boot/loader/entry.asm shows of them. */
const HHDM_BYTES: u64 = 4n << 30n;

const PAGE_MASK: u64 = 4095n;
/** Kernel, 16 modules with a text each, and the blocks of the loader's information. */
const MAX_CLAIMS = 48;
/** The RSDP of ACPI 2 and later. */
const MAX_RSDP_BYTES: u32 = 36;

class Collected {
  loader: LoaderInfoResponse;
  hhdm: HhdmResponse;
  memoryMap: MemoryMapResponse;
  kernelAddress: KernelAddressResponse;
  kernelFileResponse: KernelFileResponse;
  kernelFile: LimineFile;
  moduleResponse: ModuleResponse;
  framebufferResponse: FramebufferResponse;
  framebuffer: LimineFramebuffer;
  framebufferPointer: FixedArray<u64, 1>;
  rsdp: RsdpResponse;
  rsdpBytes: u32;
  rsdpCopy: FixedArray<u8, 36>;
  pagingMode: PagingModeResponse;
  /** May exceed what `ranges` holds: readBootInfo() then panics with the number. */
  rangeCount: u32;
  ranges: FixedArray<RawMemoryRange, 1024>;
  rangePointers: FixedArray<u64, 1024>;
  moduleCount: u32;
  modules: FixedArray<LimineFile, 16>;
  modulePointers: FixedArray<u64, 16>;
  claimCount: u32;
  claims: FixedArray<RawMemoryRange, 48>;
}
const collected = new Collected();

// --- Facts -----------------------------------------------------------------------------------------------------------

/** Forgets all facts. At boot there are none yet; tests that read many informations begin each with this. */
export function beginFacts(): void {
  zeroStruct(collected);
}

/** Whether physical bytes `address` up to `address + bytes` are in the direct map. */
export function isReachable(address: u64, bytes: u64): bool {
  return bytes <= HHDM_BYTES && address <= HHDM_BYTES - bytes;
}

/** Whether physical bytes `address` up to `address + bytes` have a place in a direct map, be it mapped or not. */
export function isAddressable(address: u64, bytes: u64): bool {
  return bytes <= ADDRESSABLE_BYTES && address <= ADDRESSABLE_BYTES - bytes;
}

/**
 * Kinds of the BIOS memory map ("ACPI Specification", "Address Range Types"), which Multiboot2 and PVH use as well.
 */
export function addBiosRange(base: u64, length: u64, biosKind: u32): void {
  addRange(base, length, memoryKindOf(biosKind));
}

function memoryKindOf(biosKind: u32): MemoryKind {
  switch (biosKind) {
    case 1:
      return MemoryKind.Usable;
    case 3:
      return MemoryKind.AcpiReclaimable;
    case 4:
      return MemoryKind.AcpiNvs;
    case 5:
      return MemoryKind.BadMemory;
    default:
      return MemoryKind.Reserved;
  }
}

function addRange(base: u64, length: u64, kind: MemoryKind): void {
  if (length === 0n) return;
  if (collected.rangeCount < MAX_MEMORY_RANGES) {
    const range = collected.ranges[collected.rangeCount];
    range.base = base;
    range.length = length;
    range.kind = u64(kind);
  }
  collected.rangeCount += 1;
}

/** Takes the pages of these bytes out of usable memory, once the whole map is known. */
export function claimMemory(base: u64, length: u64, kind: MemoryKind): void {
  if (length === 0n) return;
  assert(collected.claimCount < MAX_CLAIMS);
  const claim = collected.claims[collected.claimCount];
  claim.base = base;
  claim.length = length;
  claim.kind = u64(kind);
  collected.claimCount += 1;
}

/** Virtual address of a zero-terminated text. */
export function setCommandLine(text: u64): void {
  collected.kernelFile.commandLine = text;
}

/** Virtual addresses of zero-terminated texts. */
export function setLoader(name: u64, version: u64): void {
  collected.loader.name = name;
  collected.loader.version = version;
}

/**
 * A module of `bytes` bytes at physical address `start`; `text` is the virtual address of its command line, or 0.
 * Returns whether there was room for it: readBootInfo() tells of those there was none for.
 */
export function addModule(start: u64, bytes: u64, text: u64): bool {
  collected.moduleCount += 1;
  if (collected.moduleCount > MAX_MODULES) return false;
  const file = collected.modules[collected.moduleCount - 1];
  file.address = physmapBase() + start;
  file.size = bytes;
  file.commandLine = text;
  claimMemory(start, bytes, MemoryKind.KernelAndModules);
  return true;
}

/** The framebuffer to fill in; `address` is the physical one until answerRequests(). */
export function addFramebuffer(): LimineFramebuffer {
  collected.framebufferResponse.count = 1n;
  return collected.framebuffer;
}

/** Physical address of the RSDP. */
export function setRsdp(address: u64): void {
  collected.rsdp.address = address;
}

/**
 * An RSDP that will not stay where it is: `bytes` of it at virtual address `copy` are kept in the kernel image. Of
 * several the longest counts.
 */
export function setRsdpCopy(copy: u64, bytes: u32): void {
  if (bytes <= collected.rsdpBytes) return;
  collected.rsdpBytes = bytes < MAX_RSDP_BYTES ? bytes : MAX_RSDP_BYTES;
  copyMemory(addressOf(collected.rsdpCopy), copy, u64(collected.rsdpBytes));
}

// --- Answers ---------------------------------------------------------------------------------------------------------

/** Where the kernel image is. */
export class ImagePlace {
  physicalBase: u64;
  virtualBase: u64;
  bytes: u64;
}

/** Builds the responses and hangs them on the requests. */
export function answerRequests(image: ImagePlace): void {
  revisionTag.requested = 0n;
  revisionTag.followed = REQUESTED_REVISION;
  answerHhdm();
  answerKernelAddress(image);
  answerFramebuffer();
  answerMemoryMap();
  answerTexts();
  answerModules();
  answerRsdp(image);
  collected.pagingMode.mode = pagingLevels() === 5 ? FIVE_LEVEL_PAGING : FOUR_LEVEL_PAGING;
  pagingModeRequest.request.response = addressOf(collected.pagingMode);
}

function answerHhdm(): void {
  collected.hhdm.offset = physmapBase();
  hhdmRequest.response = addressOf(collected.hhdm);
}

function answerKernelAddress(image: ImagePlace): void {
  claimMemory(image.physicalBase, image.bytes, MemoryKind.KernelAndModules);
  collected.kernelAddress.physicalBase = image.physicalBase;
  collected.kernelAddress.virtualBase = image.virtualBase;
  kernelAddressRequest.response = addressOf(collected.kernelAddress);
}

function answerFramebuffer(): void {
  const response = collected.framebufferResponse;
  if (response.count === 0n) return;
  const framebuffer = collected.framebuffer;
  addRange(framebuffer.address, framebuffer.pitch * framebuffer.height, MemoryKind.Framebuffer);
  framebuffer.address += physmapBase();
  collected.framebufferPointer[0] = addressOf(framebuffer);
  response.framebuffers = addressOf(collected.framebufferPointer);
  framebufferRequest.response = addressOf(response);
}

/** Without a single range there is no map to answer with: readBootInfo() says so. */
function answerMemoryMap(): void {
  if (collected.rangeCount === 0) return;
  splitAroundClaims(MemoryKind.KernelAndModules);
  splitAroundClaims(MemoryKind.AcpiReclaimable);
  splitAroundClaims(MemoryKind.BootloaderReclaimable);
  for (let i: u32 = 0; i < keptRanges(); i += 1) collected.rangePointers[i] = addressOf(collected.ranges[i]);
  collected.memoryMap.count = u64(collected.rangeCount);
  collected.memoryMap.entries = addressOf(collected.rangePointers);
  memoryMapRequest.response = addressOf(collected.memoryMap);
}

function keptRanges(): u32 {
  return collected.rangeCount < MAX_MEMORY_RANGES ? collected.rangeCount : MAX_MEMORY_RANGES;
}

/** The kinds one after the other: where claims share a page, the first kind keeps it. */
function splitAroundClaims(kind: MemoryKind): void {
  for (let i: u32 = 0; i < collected.claimCount; i += 1) {
    const claim = collected.claims[i];
    if (claim.kind === u64(kind)) splitAround(claim, kind);
  }
}

function splitAround(claim: RawMemoryRange, kind: MemoryKind): void {
  const first = claim.base & ~PAGE_MASK;
  const end = (claim.base + claim.length + PAGE_MASK) & ~PAGE_MASK;
  const count = keptRanges();
  for (let i: u32 = 0; i < count; i += 1) {
    const range = collected.ranges[i];
    if (range.kind === u64(MemoryKind.Usable)) splitRange(range, first, end, kind);
  }
}

/** Takes `first` to `end` out of a usable range. */
function splitRange(range: RawMemoryRange, first: u64, end: u64, kind: MemoryKind): void {
  const rangeEnd = endOf(range);
  const from = first > range.base ? first : range.base;
  const to = end < rangeEnd ? end : rangeEnd;
  if (from >= to) return;
  addRange(to, rangeEnd - to, MemoryKind.Usable);
  if (from > range.base) {
    addRange(from, to - from, kind);
    range.length = from - range.base;
    return;
  }
  range.length = to - from;
  range.kind = u64(kind);
}

/** Where a range ends; one that would wrap around ends at the top. */
function endOf(range: RawMemoryRange): u64 {
  return range.length > u64.MAX - range.base ? u64.MAX : range.base + range.length;
}

function answerTexts(): void {
  loaderInfoRequest.response = addressOf(collected.loader);
  collected.kernelFileResponse.file = addressOf(collected.kernelFile);
  kernelFileRequest.response = addressOf(collected.kernelFileResponse);
}

function answerModules(): void {
  for (let i: u32 = 0; i < MAX_MODULES; i += 1) collected.modulePointers[i] = addressOf(collected.modules[i]);
  collected.moduleResponse.count = u64(collected.moduleCount);
  collected.moduleResponse.modules = addressOf(collected.modulePointers);
  moduleRequest.response = addressOf(collected.moduleResponse);
}

function answerRsdp(image: ImagePlace): void {
  if (collected.rsdpBytes !== 0) {
    // On the host, storage lies anywhere.
    const offset = wrappingSub(addressOf(collected.rsdpCopy), image.virtualBase);
    collected.rsdp.address = wrappingAdd(image.physicalBase, offset);
  }
  if (collected.rsdp.address !== 0n) rsdpRequest.response = addressOf(collected.rsdp);
}
