/**
 * Files that are no programs, or broken ones, started by execve on the machine: each is refused with an errno, or does
 * to itself what its bytes say; the kernel and who started it go on, and have everything back.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { makeArchive, type ArchiveEntry } from "../harness/archive";
import { boot, buildDirectory, onlyEvent } from "../harness/boot";

const PROGRAMS = join(buildDirectory, "test-root");
const program = (name: string): Buffer => readFileSync(join(PROGRAMS, name));

/** Linux's numbers. */
const NO_ENTRY = 2;
const NOT_EXECUTABLE = 8;
const ACCESS_DENIED = 13;

let scratch: string;
beforeAll(() => {
  scratch = mkdtempSync(join(tmpdir(), "tessera-bad-"));
});
afterAll(() => {
  rmSync(scratch, { recursive: true, force: true });
});

/** Starts /tries on a root with these entries in /bad. What became of each, by name. */
async function tryAll(entries: readonly ArchiveEntry[]): Promise<Map<string, string>> {
  const module = join(scratch, "root.cpio");
  const bad = entries.map((entry) => ({ ...entry, name: `bad/${entry.name}` }));
  const tries = { name: "tries", content: program("tries") };
  writeFileSync(module, makeArchive([tries, { name: "bad" }, ...bad]));
  const result = await boot({ commandLine: "init=/tries log=error events exit", module, timeoutSeconds: 170 });
  expect(onlyEvent(result, "programs-ended")).toEqual(onlyEvent(result, "programs"));
  expect(result.lines).toContain(`${entries.length} files`);
  const answers = result.lines.map((line) => /^(\S+): ((?:errno|ended|signal) \d+|killed)$/.exec(line));
  return new Map(answers.flatMap((match) => (match === null ? [] : [[match[1] ?? "", match[2] ?? ""]])));
}

// --- Files that say what they are, wrongly ---------------------------------------------------------------------------

/** Offsets of the ELF file header and of a program header. */
const CLASS = 4;
const KIND = 16;
const MACHINE = 18;
const ENTRY = 24;
const HEADERS_OFFSET = 32;
const HEADER_BYTES = 54;
const HEADER_COUNT = 56;
const FLAGS = 4;
const OFFSET = 8;
const ADDRESS = 16;
const FILE_BYTES = 32;
const MEMORY_BYTES = 40;
const INTERPRETER = 3;

/** The program /hello, changed. */
function changed(change: (file: Buffer) => void): Buffer {
  const file = Buffer.from(program("hello"));
  change(file);
  return file;
}

/** The same in a program header: 0 is the first. */
const inHeader = (index: number, change: (file: Buffer, at: number) => void): Buffer =>
  changed((file) => {
    change(file, Number(file.readBigUInt64LE(HEADERS_OFFSET)) + index * file.readUInt16LE(HEADER_BYTES));
  });

const word = (file: Buffer, at: number, value: bigint): void => void file.writeBigUInt64LE(value, at);

const REFUSED: readonly (readonly [name: string, content: Buffer, errno: number])[] = [
  ["empty", Buffer.alloc(0), NOT_EXECUTABLE],
  ["text", Buffer.from("This is no program.\n"), NOT_EXECUTABLE],
  ["zeros", Buffer.alloc(10_000), NOT_EXECUTABLE],
  ["half-a-header", program("hello").subarray(0, 40), NOT_EXECUTABLE],
  ["headers-alone", program("hello").subarray(0, 100), NOT_EXECUTABLE],
  ["half", program("hello").subarray(0, 5000), NOT_EXECUTABLE],
  ["32-bit", changed((file) => file.writeUInt8(1, CLASS)), NOT_EXECUTABLE],
  ["other-machine", changed((file) => file.writeUInt16LE(183, MACHINE)), NOT_EXECUTABLE],
  ["object-file", changed((file) => file.writeUInt16LE(1, KIND)), NOT_EXECUTABLE],
  ["core-file", changed((file) => file.writeUInt16LE(4, KIND)), NOT_EXECUTABLE],
  ["headers-beyond", changed((file) => word(file, HEADERS_OFFSET, 1n << 40n)), NOT_EXECUTABLE],
  ["headers-at-the-end-of-numbers", changed((file) => word(file, HEADERS_OFFSET, (1n << 64n) - 8n)), NOT_EXECUTABLE],
  ["headers-of-another-size", changed((file) => file.writeUInt16LE(32, HEADER_BYTES)), NOT_EXECUTABLE],
  ["no-headers", changed((file) => file.writeUInt16LE(0, HEADER_COUNT)), NOT_EXECUTABLE],
  ["too-many-headers", changed((file) => file.writeUInt16LE(0xffff, HEADER_COUNT)), NOT_EXECUTABLE],
  ["entry-in-the-kernel", changed((file) => word(file, ENTRY, 0xffffffff80200000n)), NOT_EXECUTABLE],
  ["entry-nowhere", changed((file) => word(file, ENTRY, 0n)), NOT_EXECUTABLE],
  ["wants-a-linker", inHeader(0, (file, at) => file.writeUInt32LE(INTERPRETER, at)), NO_ENTRY],
  ["writable-and-executable", inHeader(1, (file, at) => file.writeUInt32LE(7, at + FLAGS)), NOT_EXECUTABLE],
  ["in-the-kernel", inHeader(1, (file, at) => word(file, at + ADDRESS, 0xffffffff80200000n)), NOT_EXECUTABLE],
  ["in-the-direct-map", inHeader(1, (file, at) => word(file, at + ADDRESS, 0xffff800000001000n)), NOT_EXECUTABLE],
  ["at-null", inHeader(0, (file, at) => word(file, at + ADDRESS, 0n)), NOT_EXECUTABLE],
  ["across-the-end", inHeader(1, (file, at) => word(file, at + MEMORY_BYTES, 1n << 47n)), NOT_EXECUTABLE],
  ["larger-than-numbers", inHeader(1, (file, at) => word(file, at + MEMORY_BYTES, (1n << 64n) - 1n)), NOT_EXECUTABLE],
  ["larger-than-the-file", inHeader(1, (file, at) => word(file, at + FILE_BYTES, 1n << 30n)), NOT_EXECUTABLE],
  ["from-beyond-the-file", inHeader(1, (file, at) => word(file, at + OFFSET, 1n << 30n)), NOT_EXECUTABLE],
  ["misaligned", inHeader(1, (file, at) => word(file, at + OFFSET, 1n)), NOT_EXECUTABLE],
  ["overlapping", inHeader(1, (file, at) => word(file, at + ADDRESS, file.readBigUInt64LE(at + ADDRESS) - 4096n)), 8],
];

test("files that are no programs, or wrong about themselves, are refused as on Linux", async () => {
  const files = REFUSED.map(([name, content]) => ({ name, content }));
  const answers = await tryAll([
    ...files,
    { name: "folder" },
    { name: "not-to-be-run", content: program("hello"), permissions: 0o644 },
    { name: "good", content: program("hello") },
  ]);
  expect(Object.fromEntries(answers)).toEqual({
    ...Object.fromEntries(REFUSED.map(([name, , errno]) => [name, `errno ${errno}`])),
    folder: `errno ${ACCESS_DENIED}`,
    "not-to-be-run": `errno ${ACCESS_DENIED}`,
    good: "ended 7",
  });
});

// --- Programs with other bytes ---------------------------------------------------------------------------------------

/** xorshift32. */
class Random {
  constructor(private state: number) {}

  below(limit: number): number {
    this.state ^= this.state << 13;
    this.state ^= this.state >>> 17;
    this.state ^= this.state << 5;
    return (this.state >>> 0) % limit;
  }
}

const DAMAGED = 200;
/** The file header and the program headers: test/unit/programs/elfRandom.ts damages those. */
const ALL_HEADERS = 64 + 8 * 56;

/** One of the programs with some of its bytes changed: single ones anywhere, or a run of them. */
function damaged(random: Random): Buffer {
  const names = ["hello", "attacks", "musl", "layout-pie", "memory"];
  const file = Buffer.from(program(names[random.below(names.length)] ?? "hello"));
  const room = file.length - ALL_HEADERS;
  const changes = 1 + random.below(random.below(4) === 0 ? 500 : 20);
  const start = ALL_HEADERS + random.below(room);
  const isRun = random.below(3) === 0;
  for (let i = 0; i < changes; i += 1) {
    const at = isRun ? Math.min(start + i, file.length - 1) : ALL_HEADERS + random.below(room);
    file.writeUInt8(random.below(256), at);
  }
  return file;
}

test("programs whose bytes were changed at random end, or are killed, and nobody else hears of it", async () => {
  const random = new Random(20_261_125);
  const files = Array.from({ length: DAMAGED }, (_, i) => ({
    name: `damaged-${String(i).padStart(3, "0")}`,
    content: damaged(random),
  }));
  const answers = await tryAll([...files, { name: "good", content: program("hello") }]);
  expect(answers.size).toBe(DAMAGED + 1);
  expect(answers.get("good")).toBe("ended 7");
  const ways = [...answers.values()].map((answer) => answer.split(" ")[0]);
  expect(ways.filter((way) => way === "signal").length).toBeGreaterThan(DAMAGED / 20);
});
