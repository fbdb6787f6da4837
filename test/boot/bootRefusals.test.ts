/**
 * Loaders that tell too little or something wrong: Tessera says what is wrong on the serial line and halts, or
 * copes. The lies are told by test/boot/fixtures/forgedLoader.asm, which loads the real kernel.
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { boot, EXIT_PANIC, kernelElf, onlyEvent, type BootOptions, type BootResult } from "../harness/boot";

/** Where the image is linked, less where it is loaded. */
const KERNEL_OFFSET = 0xffffffff80000000n;

let scratch: string;
let symbols: Map<string, bigint>;

beforeAll(() => {
  scratch = mkdtempSync(join(tmpdir(), "tessera-forged-"));
  symbols = readSymbols(kernelElf);
});

afterAll(() => rmSync(scratch, { recursive: true, force: true }));

function readSymbols(elf: string): Map<string, bigint> {
  const lines = execFileSync("nm", [elf], { encoding: "utf8", maxBuffer: 1 << 26 }).split("\n");
  return new Map(lines.map((line) => [line.slice(19), BigInt(`0x${line.slice(0, 16).trim() || "0"}`)]));
}

function symbol(name: string): bigint {
  const address = symbols.get(name);
  if (address === undefined) throw new Error(`no symbol ${name} in ${kernelElf}`);
  return address;
}

/** A request of boot/limineProtocol.ts as a definition for the forged loader. */
function request(definition: string, name: string): string {
  return `${definition}=${symbol(`boot_limineProtocol__${name}`)}`;
}

let built = 0;

function forgedLoader(definitions: string[]): string {
  built += 1;
  const object = join(scratch, `${built}.o`);
  const elf = join(scratch, `${built}.elf`);
  const defines = definitions.flatMap((definition) => ["-D", definition]);
  execFileSync("nasm", [
    "-f",
    "elf32",
    "-w-zext-reloc",
    ...defines,
    "-o",
    object,
    "test/boot/fixtures/forgedLoader.asm",
  ]);
  execFileSync("ld", ["-m", "elf_i386", "-nostdlib", "-Ttext=0x100000", "-o", elf, object], { stdio: "pipe" });
  return elf;
}

/** Boots Tessera through its PVH entry with one of the lies. */
function bootPvh(lie: string, options: BootOptions): Promise<BootResult> {
  const entry = symbol("pvh_entry") - KERNEL_OFFSET;
  return boot({ elf: forgedLoader([`ENTRY=${entry}`, lie]), module: kernelElf, ...options });
}

/** Boots Tessera through its Limine entry and answers only the given requests. */
function bootLimine(answers: string[], options: BootOptions): Promise<BootResult> {
  const entry = symbol("_start");
  return boot({ elf: forgedLoader(["LIMINE", `ENTRY=${entry}`, ...answers]), module: kernelElf, ...options });
}

test.each([
  ["WRONG_MAGIC", /magic/],
  ["VERSION_0", /version 0/],
  ["NO_ENTRIES", /no memory map/],
  ["TOO_MANY", /1[0-9]{3} entries, at most 1024/],
  ["BAD_POINTER", /memory map .*4 GiB/],
])("PVH information with %s is refused in a sentence", async (lie, sentence) => {
  const result = await bootPvh(lie, { until: sentence });
  expect(result.exitCode).toBeNull();
});

test("PVH information without usable memory ends in a panic that says so", async () => {
  const { serial } = await bootPvh("NO_USABLE", { expectExit: EXIT_PANIC });
  expect(serial).toContain("PANIC: the memory map has no usable memory");
});

test("a messy memory map boots, and nothing of it that is not memory is handed out", async () => {
  const result = await bootPvh("MESSY", {});
  const { ram } = onlyEvent(result, "memory");
  // 1 to 128 MiB less the holes of 1 MiB and 4 MiB, and what is usable of the first MiB.
  expect(Number(ram)).toBeGreaterThan((127 - 6) * 256);
  expect(Number(ram)).toBeLessThan((128 - 5) * 256);
});

test("an honest map from the same loader boots: the refusals above are for their lies", async () => {
  const result = await bootPvh("HONEST", {});
  onlyEvent(result, "ready");
});

test("a loader without direct map is refused", async () => {
  await bootLimine([], { until: /no direct map of physical memory/ });
});

test("a loader without memory map is refused", async () => {
  await bootLimine([request("HHDM_REQUEST", "hhdmRequest")], { until: /gives no memory map/ });
});

test("a loader that does not say where the kernel is, is refused", async () => {
  const answers = [request("HHDM_REQUEST", "hhdmRequest"), request("MEMORY_MAP_REQUEST", "memoryMapRequest")];
  await bootLimine(answers, { until: /where in memory the kernel is/ });
});

test("a loader with a memory map that is too long is refused", async () => {
  const answers = [request("HHDM_REQUEST", "hhdmRequest"), request("MEMORY_MAP_REQUEST", "memoryMapRequest")];
  await bootLimine([...answers, "MAP_COUNT=1025"], { until: /1025 entries, at most 1024/ });
});

test("a loader of an unknown base revision is refused", async () => {
  await bootLimine([request("REVISION_TAG", "revisionTag")], { until: /base revision 99/ });
});

test("a loader that left 5-level paging on is refused", async () => {
  await bootLimine([request("PAGING_MODE_REQUEST", "pagingModeRequest")], { until: /5-level paging/ });
});
