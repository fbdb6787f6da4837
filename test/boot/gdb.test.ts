/**
 * `make gdb`: gdb stops in TypeScript, steps its lines, and prints values as TypeScript has them. One session with the
 * kernel that make gdb builds; each test reads a part of what it printed.
 */
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { join } from "node:path";
import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import { buildDirectory } from "../harness/boot";

const TIMEOUT_MILLISECONDS = 120_000;
const build = join(buildDirectory, "debug");

const hasGdb = spawnSync("gdb", ["--version"]).status === 0;

/** The number of the only line of a source file that holds `text`. */
function lineOf(file: string, text: string): number {
  const lines = readFileSync(file, "utf8").split("\n");
  const found = lines.flatMap((line, index) => (line.includes(text) ? [index + 1] : []));
  if (found.length !== 1) throw new Error(`${file} has ${found.length} lines with ${text}`);
  return found[0] ?? 0;
}

const INIT = "kernel/mm/init.ts";
const ALLOCATOR = "kernel/mm/frameAllocator.ts";
const CONSOLE = "kernel/console/console.ts";
const physmapLine = lineOf(INIT, "setPhysmapBase(virtAddr(info.hhdmBase))");
const zeroLine = lineOf(ALLOCATOR, "if (frame !== null) zeroFrame(frame);");
const printLine = lineOf(CONSOLE, "export function printLine(") + 1;

/** What gdb is told, by the name of the test that reads the answer. */
const SESSION: Record<string, readonly string[]> = {
  stop: [`tbreak ${INIT}:${physmapLine}`, "continue"],
  trace: ["bt"],
  struct: ["set print elements 1", "print *info", "set print elements 200"],
  word: ["print info->hhdmBase", "print info->kernelPhysBase", "print/d info->hhdmBase"],
  text: ["print info->loaderName", "print info->commandLine"],
  enum: ["print info->entry"],
  type: ["ptype struct RawMemoryRange", "ptype struct MemoryRegion"],
  step: ["next"],
  optional: [`tbreak ${ALLOCATOR}:${zeroLine}`, "continue", "info locals"],
  absent: ["set var frame.present = 0", "print frame", "set var frame.present = 1"],
  slice: ["print kernel_mm_frameAllocator__pool.summaries.items[0]"],
  message: [`tbreak ${CONSOLE}:${printLine}`, "continue", "print message", "bt"],
};

let answers: Record<string, string>;

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().on("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}

function buildKernel(): void {
  const env = { ...process.env };
  for (const inherited of ["MAKEFLAGS", "MAKELEVEL", "MFLAGS"]) delete env[inherited];
  const { status, stderr } = spawnSync("make", ["gdb-kernel"], { env, encoding: "utf8" });
  if (status !== 0) throw new Error(`the kernel for gdb does not build: ${stderr}`);
}

beforeAll(async () => {
  if (!hasGdb) return;
  buildKernel();
  const port = await freePort();
  const env = { ...process.env, BUILD: build, GDB_PORT: String(port), CMDLINE: "log=debug" };
  const commands = Object.entries(SESSION).flatMap(([name, lines]) => [`echo \\n@${name}\\n`, ...lines]);
  const parameters = ["-batch", ...commands.flatMap((command) => ["-ex", command])];
  const { stdout, stderr } = spawnSync("scripts/gdb/attach", [join(build, "tessera.elf"), ...parameters], {
    env,
    encoding: "utf8",
    timeout: TIMEOUT_MILLISECONDS,
  });
  const sections = stdout.split(/^@(\w+)\n/m).slice(1);
  if (sections.length === 0) throw new Error(`gdb says nothing: ${stdout}${stderr}`);
  answers = Object.fromEntries(
    sections.flatMap((name, index) => (index % 2 === 0 ? [[name, sections[index + 1] ?? ""]] : [])),
  );
});

describe("gdb", () => {
  beforeEach((context) => context.skip(!hasGdb, "gdb is not installed"));

  test("stops at a line of TypeScript", () => {
    expect(answers["stop"]).toContain(` at ${INIT}:${physmapLine}\n`);
    expect(answers["stop"]).toContain("setPhysmapBase(virtAddr(info.hhdmBase));");
  });

  test("shows callers by their TypeScript names and places", () => {
    const [innermost, ...callers] = (answers["trace"] ?? "").trim().split("\n");
    expect(innermost).toMatch(/^#0 +initMemory .* at kernel\/mm\/init\.ts:\d+$/);
    expect(callers[0]).toMatch(/^#1 .* in startKernel .* at kernel\/start\.ts:\d+$/);
    expect(callers[1]).toMatch(/^#2 .* in kernelMain .* at kernel\/main\.ts:\d+$/);
  });

  test("prints a struct with the fields of its class", () => {
    expect(answers["struct"]).toMatch(/entry = EntryKind\.Pvh,\n +loaderName = "P"\.\.\.,/);
    expect(answers["struct"]).toMatch(/memoryMap = FixedArray\(1024\) = \{\{\n +base = 0x[0-9a-f]+,\n/);
    expect(answers["struct"]).toMatch(/moduleCount = 0\n/);
  });

  test("prints u64 in hexadecimal, and addresses with all digits", () => {
    expect(answers["word"]).toMatch(
      /= 0xffff800000000000\n.* = 0x0000000000200000\n.* = (?:18446603336221196288|-140737488355328)\n/,
    );
  });

  test("prints strings", () => {
    expect(answers["text"]).toMatch(/= "PVH"\n.* = "log=debug"\n/);
  });

  test("prints messages with their values", () => {
    expect(answers["message"]).toMatch(/= "map done after \d+ ticks"\n/);
  });

  test("names the members of enums", () => {
    expect(answers["enum"]).toMatch(/= EntryKind\.Pvh\n/);
  });

  test("shows newtypes by their names in the type of a struct", () => {
    expect(answers["type"]).toMatch(/ u64 base;/);
    expect(answers["type"]).toMatch(/ Frame first;/);
  });

  test("steps to the next line", () => {
    expect(answers["step"]).toMatch(new RegExp(`^${physmapLine + 1}\\s+readMemoryMap\\(`, "m"));
  });

  test("prints T | null as the value or as null", () => {
    expect(answers["optional"]).toMatch(/^frame = 0x[0-9a-f]{16}$/m);
    expect(answers["absent"]).toMatch(/= null\n/);
  });

  test("prints slices with their elements", () => {
    expect(answers["slice"]).toMatch(/= Slice\(\d+\) = \{0x[0-9a-f]+/);
  });
});
