/**
 * What boot/loader/ makes of Multiboot2 and PVH information: known good, known bad, and random. Physical memory is
 * an arena, and the information ends where the arena ends, so that the address sanitizer sees every byte read
 * beyond it.
 */
import { setPhysmapBase } from "../../../arch/x86_64/physmap";
import { MemoryKind, RawMemoryRange } from "../../../boot/bootInfo";
import { MemoryMapResponse, memoryMapRequest } from "../../../boot/limineProtocol";
import { readMultiboot2 } from "../../../boot/loader/multiboot2";
import { PVH_MAGIC, readPvh } from "../../../boot/loader/pvh";
import { ImagePlace, answerRequests, beginFacts } from "../../../boot/loader/responses";
import { Random } from "./random";

const ARENA_BYTES: u64 = 65536n;
const KERNEL_BASE: u64 = 0x20_0000n;
const KERNEL_BYTES: u64 = 0x5_0000n;

@aligned(4096)
class Arena {
  bytes: FixedArray<u8, 65536>;
}
const arena = new Arena();
const random = new Random();

/** Writes words of 32 bits one after the other. */
class Writer {
  next: u64;

  word(value: u32): void {
    poke32(addressOf(arena) + this.next, value);
    this.next += 4n;
  }

  long(value: u64): void {
    poke64(addressOf(arena) + this.next, value);
    this.next += 8n;
  }
}
const writer = new Writer();

function answerImage(): void {
  memoryMapRequest.response = 0n;
  const image = new ImagePlace();
  image.physicalBase = KERNEL_BASE;
  image.virtualBase = 0xffff_ffff_8020_0000n;
  image.bytes = KERNEL_BYTES;
  answerRequests(image);
}

function answer(): MemoryMapResponse {
  answerImage();
  assert(memoryMapRequest.response !== 0n);
  return overlay<MemoryMapResponse>(memoryMapRequest.response);
}

/** No usable range of the answer may touch these bytes. */
function expectNotUsable(map: MemoryMapResponse, base: u64, bytes: u64): void {
  const entries = sliceOf(overlay<Many<u64>>(map.entries), u32(map.count));
  for (const entry of entries) {
    const range = overlay<RawMemoryRange>(entry);
    if (range.kind !== u64(MemoryKind.Usable)) continue;
    const end = range.length > u64.MAX - range.base ? u64.MAX : range.base + range.length;
    assert(end <= base || range.base >= base + bytes, "usable memory covers what is in use");
  }
}

function usableBytes(map: MemoryMapResponse): u64 {
  let sum: u64 = 0n;
  for (const entry of sliceOf(overlay<Many<u64>>(map.entries), u32(map.count))) {
    const range = overlay<RawMemoryRange>(entry);
    if (range.kind === u64(MemoryKind.Usable)) sum += range.length;
  }
  return sum;
}

// --- Multiboot2 ------------------------------------------------------------------------------------------------------

/** A memory map tag with one usable range, 0 up to 16 MiB, and an end tag. */
const GOOD_BYTES: u32 = 8 + 40 + 8;

/** Good information with one word changed: `at` bytes from its start. */
function multiboot2With(name: string, at: u32, value: u32): void {
  beginFacts();
  const start = ARENA_BYTES - u64(GOOD_BYTES);
  writeGood(start);
  poke32(addressOf(arena) + start + u64(at), value);
  report(name, readMultiboot2(start));
}

function writeGood(start: u64): void {
  writer.next = start;
  writer.long(u64(GOOD_BYTES));
  writer.word(6);
  writer.word(40);
  writer.word(24);
  writer.word(0);
  writer.long(0n);
  writer.long(0x100_0000n);
  writer.word(1);
  writer.word(u32.MAX);
  writer.long(8n << 32n);
}

function report(name: string, problem: string | null): void {
  log.info(`${name}: ${problem ?? "accepted"}`);
}

function multiboot2Cases(): void {
  multiboot2With("good", 0, GOOD_BYTES);
  const map = answer();
  expectNotUsable(map, KERNEL_BASE, KERNEL_BYTES);
  expectNotUsable(map, ARENA_BYTES - u64(GOOD_BYTES), u64(GOOD_BYTES));
  assert(usableBytes(map) === 0x100_0000n - KERNEL_BYTES - 4096n);
  multiboot2With("huge", 0, 0xffff_fff8);
  multiboot2With("empty", 0, 0);
  multiboot2With("cut off", 0, GOOD_BYTES - 8);
  multiboot2With("tag too long", 12, 49);
  multiboot2With("tag too short", 12, 7);
  multiboot2With("entries of no size", 16, 0);
  multiboot2With("entries of odd size", 16, 27);
  multiboot2With("command line without end", 8, 1);
  multiboot2With("loader name without end", 8, 2);
  multiboot2With("module without end", 8, 3);
  report("not aligned", readMultiboot2(4n));
  report("too high", readMultiboot2(0x1_0000_0000n));
}

/** Tags of random kinds and sizes; mostly well-formed, as nonsense alone would be refused at the first tag. */
function writeRandomTags(start: u64): void {
  for (let at = start; at < ARENA_BYTES; at += 4n) poke32(addressOf(arena) + at, u32.wrap(random.next()));
  poke32(addressOf(arena) + start, u32(ARENA_BYTES - start));
  let at = start + 8n;
  while (at + 8n < ARENA_BYTES) {
    const left = ARENA_BYTES - at;
    const bytes = random.below(16n) === 0n ? random.below(left * 2n) : 8n + random.below(left < 96n ? left : 96n);
    poke32(addressOf(arena) + at, u32(1n + random.below(16n)));
    poke32(addressOf(arena) + at + 4n, u32(bytes));
    if (at + bytes <= ARENA_BYTES) writeRandomContent(at, bytes);
    at += (bytes + 7n) & ~7n;
  }
  poke64(addressOf(arena) + ARENA_BYTES - 8n, 8n << 32n);
}

/** Ends the tag as a text ends; makes it a memory map about the kernel when that is its kind. */
function writeRandomContent(at: u64, bytes: u64): void {
  if (bytes > 0n) poke8(addressOf(arena) + at + bytes - 1n, 0);
  if (peek32(addressOf(arena) + at) !== 6 || bytes < 40n) return;
  poke32(addressOf(arena) + at + 8n, 24);
  poke64(addressOf(arena) + at + 16n, random.below(KERNEL_BASE * 2n));
  poke64(addressOf(arena) + at + 24n, random.below(KERNEL_BASE * 2n));
  poke32(addressOf(arena) + at + 32n, 1);
}

function multiboot2Random(rounds: u32): void {
  let accepted: u32 = 0;
  let maps: u32 = 0;
  for (let round: u32 = 0; round < rounds; round += 1) {
    beginFacts();
    const start = ARENA_BYTES - 16n - random.below(64n) * 8n;
    writeRandomTags(start);
    if (readMultiboot2(start) !== null) continue;
    accepted += 1;
    if (hasGoodMap(start)) maps += 1;
  }
  assert(accepted > rounds / 100 && accepted < rounds, "random information must sometimes pass and sometimes not");
  assert(maps > rounds / 1000, "random information must sometimes hold a memory map");
}

/** Whether there is a memory map: then nothing usable in it may be in use. */
function hasGoodMap(start: u64): bool {
  answerImage();
  if (memoryMapRequest.response === 0n) return false;
  const map = overlay<MemoryMapResponse>(memoryMapRequest.response);
  expectNotUsable(map, KERNEL_BASE, KERNEL_BYTES);
  expectNotUsable(map, start, ARENA_BYTES - start);
  return true;
}

// --- PVH -------------------------------------------------------------------------------------------------------------

/** Start information, a memory map of one entry and a module list of one entry, at the end of the arena. */
const MODULE_LIST: u64 = ARENA_BYTES - 32n;
const MEMORY_MAP: u64 = MODULE_LIST - 24n;
const START_INFO: u64 = MEMORY_MAP - 56n;

function writeStartInfo(): void {
  writer.next = START_INFO;
  writer.word(PVH_MAGIC);
  writer.word(1);
  writer.word(0);
  writer.word(1);
  writer.long(MODULE_LIST);
  writer.long(0n);
  writer.long(0n);
  writer.long(MEMORY_MAP);
  writer.long(1n);
  writer.long(0n);
  writer.long(0x100_0000n);
  writer.long(1n);
  writer.long(0x40_0000n);
  writer.long(0x1234n);
  writer.long(0n);
  writer.long(0n);
}

/** Good information with eight bytes changed: `at` bytes from its start. */
function pvhWith(name: string, at: u64, value: u64): void {
  beginFacts();
  writeStartInfo();
  poke64(addressOf(arena) + START_INFO + at, value);
  report(name, readPvh(START_INFO));
}

function pvhCases(): void {
  pvhWith("good", 16n, MODULE_LIST);
  const map = answer();
  expectNotUsable(map, KERNEL_BASE, KERNEL_BYTES);
  expectNotUsable(map, 0x40_0000n, 0x1234n);
  expectNotUsable(map, START_INFO, ARENA_BYTES - START_INFO);
  assert(usableBytes(map) === 0x100_0000n - KERNEL_BYTES - 0x2000n - 4096n);
  pvhWith("wrong magic", 0n, 0x1_336e_c579n);
  pvhWith("version 0", 0n, 0x336e_c578n);
  pvhWith("memory map too high", 40n, 0xffff_fff0n);
  pvhWith("memory map too long", 48n, 0xffff_ffffn);
  pvhWith("module list too high", 16n, 0xffff_ffff_ffff_fff0n);
  pvhWith("module list too long", 8n, 0xffff_ffff_0000_0000n);
  pvhWith("command line too high", 24n, 0xffff_ffffn);
  pvhWith("RSDP too high", 32n, 0x1_0000_0000n);
  pvhWith("module too long", MODULE_LIST - START_INFO + 8n, u64.MAX);
  pvhWith("module text too high", MODULE_LIST - START_INFO + 16n, 0xffff_ffffn);
  report("too high", readPvh(0xffff_ffe0n));
}

export function main(): void {
  setPhysmapBase(addressOf(arena));
  log.info("Multiboot2");
  multiboot2Cases();
  multiboot2Random(20_000);
  log.info("PVH");
  pvhCases();
}
