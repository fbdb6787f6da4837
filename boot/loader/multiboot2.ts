/**
 * Multiboot2 information, as GRUB leaves it in memory: a header and a list of tags.
 *
 *     information   total size | reserved
 *     + 8           kind | size | contents          size counts kind and size too
 *     + 8 + size, rounded up to 8: the next tag     the last one has kind 0 and size 8
 *
 * Nothing is believed: a tag must lie inside the whole, and hold what its kind needs. "Multiboot2 Specification",
 * "Boot information format".
 */

import { physmapBase } from "../../arch/x86_64/physmap";
import { MemoryKind } from "../bootInfo";
import { FRAMEBUFFER_RGB } from "../limineProtocol";
import {
  addBiosRange,
  addFramebuffer,
  addModule,
  claimMemory,
  isAddressable,
  isReachable,
  setCommandLine,
  setLoader,
  setRsdpCopy,
} from "./responses";

/** What a Multiboot2 loader leaves in EAX. */
export const MULTIBOOT2_MAGIC: u32 = 0x36d7_6289;

class InformationHeader {
  totalBytes: u32;
  reserved: u32;
}

class Tag {
  kind: u32;
  bytes: u32;
}
const TAG_BYTES: u32 = 8;
/** Tags begin at multiples of 8 bytes. */
const TAG_PADDING: u32 = 7;

const KIND_END: u32 = 0;
const KIND_COMMAND_LINE: u32 = 1;
const KIND_LOADER_NAME: u32 = 2;
const KIND_MODULE: u32 = 3;
const KIND_MEMORY_MAP: u32 = 6;
const KIND_FRAMEBUFFER: u32 = 8;
const KIND_RSDP_1: u32 = 14;
const KIND_RSDP_2: u32 = 15;

class ModuleTag {
  tag: Tag;
  start: u32;
  end: u32;
}
staticAssert(sizeOf<ModuleTag>() === 16n);

class MemoryMapTag {
  tag: Tag;
  entryBytes: u32;
  entryVersion: u32;
}
staticAssert(sizeOf<MemoryMapTag>() === 16n);

class MemoryMapEntry {
  base: u64;
  length: u64;
  kind: u32;
  reserved: u32;
}
staticAssert(sizeOf<MemoryMapEntry>() === 24n);

class FramebufferTag {
  tag: Tag;
  address: u64;
  pitch: u32;
  width: u32;
  height: u32;
  bitsPerPixel: u8;
  type: u8;
  reserved: u16;
  redShift: u8;
  redSize: u8;
  greenShift: u8;
  greenSize: u8;
  blueShift: u8;
  blueSize: u8;
}
staticAssert(offsetOf<FramebufferTag>("redShift") === 32n);
const FRAMEBUFFER_TAG_BYTES: u32 = 38;
/** `type` of a framebuffer with red, green and blue in bit fields. Text and palettes are of no use here. */
const FRAMEBUFFER_TYPE_RGB: u8 = 1;

/** GRUB's is some kilobytes long. */
const MAX_INFORMATION_BYTES: u32 = 16 << 20;

const SPACE: u8 = 0x20;

/** Collects what the information at a physical address tells. Returns what is wrong with it, or null. */
export function readMultiboot2(information: u64): string | null {
  if ((information & 7n) !== 0n || !isReachable(information, sizeOf<InformationHeader>())) {
    return "the Multiboot2 information is not at a multiple of 8 below 4 GiB";
  }
  const totalBytes = overlay<InformationHeader>(physmapBase() + information).totalBytes;
  if (totalBytes > MAX_INFORMATION_BYTES || !isReachable(information, u64(totalBytes))) {
    return "the size of the Multiboot2 information is absurd";
  }
  claimMemory(information, u64(totalBytes), MemoryKind.BootloaderReclaimable);
  return readTags(physmapBase() + information, totalBytes);
}

function readTags(start: u64, totalBytes: u32): string | null {
  let offset: u32 = TAG_BYTES;
  while (offset + TAG_BYTES <= totalBytes) {
    const tag = overlay<Tag>(start + u64(offset));
    if (tag.bytes < TAG_BYTES || tag.bytes > totalBytes - offset) {
      return "a tag of the Multiboot2 information does not fit into it";
    }
    if (tag.kind === KIND_END) return null;
    const problem = readTag(tag);
    if (problem !== null) return problem;
    offset += (tag.bytes + TAG_PADDING) & ~TAG_PADDING;
  }
  return "the Multiboot2 information has no end tag";
}

function readTag(tag: Tag): string | null {
  switch (tag.kind) {
    case KIND_COMMAND_LINE:
      return readCommandLine(tag);
    case KIND_LOADER_NAME:
      return readLoaderName(tag);
    case KIND_MODULE:
      return readModule(tag);
    case KIND_MEMORY_MAP:
      return readMemoryMap(tag);
    case KIND_FRAMEBUFFER:
      return readFramebuffer(tag);
    case KIND_RSDP_1:
    case KIND_RSDP_2:
      return readRsdp(tag);
    default:
      return null;
  }
}

/** Whether a text begins `offset` bytes into the tag and ends with a zero byte inside it. */
function holdsText(tag: Tag, offset: u32): bool {
  return tag.bytes > offset && peek8(addressOf(tag) + u64(tag.bytes - 1)) === 0;
}

function readCommandLine(tag: Tag): string | null {
  if (!holdsText(tag, TAG_BYTES)) return "the command line tag of Multiboot2 does not end";
  setCommandLine(addressOf(tag) + u64(TAG_BYTES));
  return null;
}

/** "GRUB 2.06" is a name and a version; the space between them is overwritten to part them. */
function readLoaderName(tag: Tag): string | null {
  if (!holdsText(tag, TAG_BYTES)) return "the loader name tag of Multiboot2 does not end";
  const name = addressOf(tag) + u64(TAG_BYTES);
  let version = name;
  while (peek8(version) !== 0 && peek8(version) !== SPACE) version += 1n;
  if (peek8(version) === SPACE) {
    poke8(version, 0);
    version += 1n;
  }
  setLoader(name, version);
  return null;
}

function readModule(tag: Tag): string | null {
  const offset = u32(sizeOf<ModuleTag>());
  if (!holdsText(tag, offset)) return "a module tag of Multiboot2 does not end";
  const module = overlay<ModuleTag>(addressOf(tag));
  if (module.end < module.start) return "a module of Multiboot2 ends before it starts";
  void addModule(u64(module.start), u64(module.end - module.start), addressOf(tag) + u64(offset));
  return null;
}

function readMemoryMap(tag: Tag): string | null {
  const header = u32(sizeOf<MemoryMapTag>());
  if (tag.bytes < header) return "the memory map tag of Multiboot2 is too short";
  const entryBytes = overlay<MemoryMapTag>(addressOf(tag)).entryBytes;
  if (entryBytes < u32(sizeOf<MemoryMapEntry>()) || entryBytes % 8 !== 0) {
    return "the memory map of Multiboot2 has entries of an absurd size";
  }
  const count = (tag.bytes - header) / entryBytes;
  for (let i: u32 = 0; i < count; i += 1) {
    const entry = overlay<MemoryMapEntry>(addressOf(tag) + u64(header + i * entryBytes));
    addBiosRange(entry.base, entry.length, entry.kind);
  }
  return null;
}

/**
 * GRUB without a video mode tells of a text screen, or of a framebuffer that does not exist: neither has type RGB.
 */
function readFramebuffer(tag: Tag): string | null {
  if (tag.bytes < FRAMEBUFFER_TAG_BYTES) return null;
  const found = overlay<FramebufferTag>(addressOf(tag));
  if (found.type !== FRAMEBUFFER_TYPE_RGB || found.address === 0n) return null;
  if (!isAddressable(found.address, u64(found.pitch) * u64(found.height))) return null;
  const framebuffer = addFramebuffer();
  framebuffer.address = found.address;
  framebuffer.width = u64(found.width);
  framebuffer.height = u64(found.height);
  framebuffer.pitch = u64(found.pitch);
  framebuffer.bitsPerPixel = found.bitsPerPixel;
  framebuffer.memoryModel = FRAMEBUFFER_RGB;
  framebuffer.redShift = found.redShift;
  framebuffer.redSize = found.redSize;
  framebuffer.greenShift = found.greenShift;
  framebuffer.greenSize = found.greenSize;
  framebuffer.blueShift = found.blueShift;
  framebuffer.blueSize = found.blueSize;
  return null;
}

/** The tag holds a copy of the RSDP: 20 bytes of ACPI 1, or 36 of ACPI 2. */
function readRsdp(tag: Tag): string | null {
  if (tag.bytes < TAG_BYTES + SHORTEST_RSDP) return "an RSDP tag of Multiboot2 is too short";
  setRsdpCopy(addressOf(tag) + u64(TAG_BYTES), tag.bytes - TAG_BYTES);
  return null;
}
const SHORTEST_RSDP: u32 = 20;
