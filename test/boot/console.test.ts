/** What people and programs read on the serial port: log lines, levels, the command line, the boot report, events. */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { boot, EXIT_PANIC, onlyEvent, testKernelElf, type BootResult } from "../harness/boot";

const LOG_LINE = /^\[ *\d+\.\d{6}\] [\w-]+: /;

function logLines(result: BootResult): string[] {
  return result.lines.filter((line) => LOG_LINE.test(line));
}

function warnings(result: BootResult): string[] {
  return logLines(result).filter((line) => line.includes("commandLine: warn: "));
}

test("log lines carry seconds and subsystem, and time never runs backwards", async () => {
  const result = await boot({ commandLine: "exit" });
  const times = logLines(result).map((line) => Number(/^\[ *(\d+\.\d+)\]/.exec(line)?.[1]));
  expect(times.length).toBeGreaterThan(0);
  expect(times).toEqual([...times].sort((a, b) => a - b));
  expect(result.serial).toMatch(/^\[ *0\.\d{6}\] main: ready/m);
});

test("under a clock that counts instructions, two boots say the same, to the microsecond", async () => {
  const machine = { commandLine: "exit events log=debug", icount: true };
  const first = await boot(machine);
  const second = await boot(machine);
  expect(second.serial).toBe(first.serial);
  expect(first.serial).toMatch(/bootSteps: paging done after \d+ ticks/);
});

test("without an interval timer the clock says that it guesses", async () => {
  const { serial } = await boot({ commandLine: "exit", extra: ["-M", "microvm,pit=off"] });
  expect(serial).toMatch(/^ {2}clock +1000 MHz time-stamp counter, assumed/m);
});

test("no events unless asked for, and no warnings without a reason", async () => {
  const result = await boot({ commandLine: "exit" });
  expect(result.events).toEqual([]);
  expect(warnings(result)).toEqual([]);
});

test("color asks for colours: escape sequences, and the same text", async () => {
  const raw = await rawSerial("exit color");
  expect(raw).toContain("] \x1b[0;36mmain: \x1b[0mready");
  expect(await rawSerial("exit")).not.toContain("\x1b");
});

test("a machine without a serial port boots all the same", async () => {
  const result = await boot({ commandLine: "exit", extra: ["-serial", "none"] });
  expect(result.serial).toBe("");
});

/** What the first serial port sends, byte for byte. */
async function rawSerial(commandLine: string): Promise<string> {
  const directory = mkdtempSync(join(tmpdir(), "tessera-serial-"));
  try {
    const file = join(directory, "serial");
    await boot({ commandLine, extra: ["-serial", `file:${file}`] });
    return readFileSync(file, "utf8");
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

test.each([
  ["debug", ["a debug line", "an info line", "warn: a warn line", "error: an error line"]],
  ["info", ["an info line", "warn: a warn line", "error: an error line"]],
  ["warn", ["warn: a warn line", "error: an error line"]],
  ["error", ["error: an error line"]],
])("log=%s shows its level and what is above", async (level, expected) => {
  const result = await boot({ elf: testKernelElf, commandLine: `test=levels log=${level}` });
  const shown = logLines(result).map((line) => line.replace(LOG_LINE, ""));
  expect(shown.filter((text) => /(?:debug|info|warn|error) line$/.test(text))).toEqual(expected);
});

test.each([
  ["foo", '"foo"', "allowed are log=LEVEL, paging=4|5"],
  ["foo=bar", '"foo=bar"', "allowed are log=LEVEL, paging=4|5"],
  ["log=loud", '"log=loud"', "allowed are log=debug|info|warn|error"],
  ["log=", '"log="', "allowed are log=debug|info|warn|error"],
  ["log", '"log"', "allowed are log=debug|info|warn|error"],
  ["LOG=debug", '"LOG=debug"', "allowed are"],
  ["=info", '"=info"', "allowed are"],
  ["demo=", '"demo="', "needs a name"],
  ["test", '"test"', "needs a name"],
  ["exit=now", '"exit=now"', "stands alone"],
  ["log=info log=debug", '"log=debug"', "given more than once"],
])("the word %s is named in a warning with what is allowed", async (words, named, advice) => {
  const result = await boot({ commandLine: `exit ${words}` });
  expect(warnings(result)).toHaveLength(1);
  expect(warnings(result)[0]).toContain(named);
  expect(warnings(result)[0]).toContain(advice);
});

test("spaces and tabs in any number are no words", async () => {
  const result = await boot({ commandLine: "  exit \t  events  " });
  expect(warnings(result)).toEqual([]);
  expect(onlyEvent(result, "ready")).toEqual({});
});

test("a very long line with many unknown words is bounded in what it says, and boots", async () => {
  const words = Array.from({ length: 60 }, (_, index) => `word${index}`).join(" ");
  const result = await boot({ commandLine: `exit ${"x".repeat(300)} ${words}` });
  expect(warnings(result)).toHaveLength(9);
  expect(warnings(result)[0]).toContain(`"${"x".repeat(48)}..."`);
  expect(warnings(result)[8]).toContain("53 more words");
});

test("control characters and broken UTF-8 on the command line do not reach the terminal", async () => {
  const result = await boot({ commandLine: "exit bell\x07escape\x1b[2J" });
  expect(result.serial).not.toMatch(/[\x07\x1b]/);
  expect(warnings(result)[0]).toContain('"bell?escape?[2J"');
});

test("an unknown demo is named with all there are", async () => {
  const result = await boot({ commandLine: "exit demo=nothing" });
  expect(result.serial).toContain('"demo=nothing" is not known');
  for (const name of ["pagefault", "null", "write-rodata", "exec-data", "stack-overflow", "double-free"]) {
    expect(result.serial).toContain(`demo=${name}`);
  }
});

test("test=NAME in the ordinary kernel says where tests live", async () => {
  const result = await boot({ commandLine: "exit test=format" });
  expect(result.serial).toContain("needs the test kernel");
});

test("the test kernel lists its tests when the name is unknown", async () => {
  const result = await boot({ elf: testKernelElf, commandLine: "test=nothing", expectExit: EXIT_PANIC });
  expect(result.serial).toContain('there is no test "nothing"');
  expect(result.serial).toContain("test=format");
});

test.each(["format", "utf8"])("in-kernel test %s", async (name) => {
  const result = await boot({ elf: testKernelElf, commandLine: `test=${name} events` });
  expect(onlyEvent(result, "test")).toEqual({ name, result: "pass" });
});

test("the boot report shows loader, processor, memory map, frames, tables and times", async () => {
  const result = await boot({ commandLine: "exit log=warn", cpu: "max" });
  expect(result.serial).toMatch(/^ {2}Started by .*PVH/m);
  expect(result.serial).toMatch(/^ {2}command line +exit log=warn$/m);
  expect(result.serial).toMatch(/^ {2}in use +WP {2}NX {2}SMEP {2}SMAP {2}UMIP {2}PGE {2}no PCID {2}1 GiB pages/m);
  expect(result.serial).toMatch(/0x0000000000100000 {2}0x[0-9a-f]{16} .*MiB {2}usable$/m);
  expect(result.serial).toMatch(/0x0000000000000000 {2}0x0000000000000fff +4 KiB {2}reserved$/m);
  expect(result.serial).toMatch(/^ {2}free +\d+\.\d MiB {2}\d+ frames/m);
  expect(result.serial).toMatch(/^ {2}Page tables +1 PML4, \d+ PDPT, \d+ PD, \d+ PT$/m);
  expect(result.serial).toMatch(/\d+\.\d{3} ms {2}paging\b/m);
});

test("a processor without the protections is reported as such", async () => {
  const result = await boot({ commandLine: "exit", cpu: "qemu64" });
  expect(result.serial).toMatch(
    /^ {2}in use +WP {2}NX {2}no SMEP {2}no SMAP {2}no UMIP {2}PGE {2}no PCID {2}no 1 GiB pages$/m,
  );
});

test("events add up: free, kept and managed frames, and steps in order", async () => {
  const result = await boot({ commandLine: "exit events" });
  const memory = onlyEvent(result, "memory");
  const kept = onlyEvent(result, "kept");
  expect(Number(memory["free"])).toBeLessThanOrEqual(Number(memory["managed"]));
  expect(Number(memory["managed"])).toBeLessThanOrEqual(Number(memory["ram"]));
  const parts = ["image", "bitmap", "infos", "tables"].map((part) => Number(kept[part]));
  expect(Number(kept["frames"])).toBe(parts.reduce((sum, part) => sum + part));
  const steps = result.events.filter((event) => event.name === "time");
  const ticks = steps.map((event) => Number(event.values["ticks"]));
  expect(ticks).toEqual([...ticks].sort((a, b) => a - b));
  expect(steps.map((event) => event.values["step"])).toContain("paging");
});
