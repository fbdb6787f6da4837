/**
 * The harness itself: a test that cannot fail is worth nothing. Each fixture is a kernel of a few instructions that
 * ends in one particular way.
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { boot, EXIT_PANIC, EXIT_PASS, onlyEvent } from "../harness/boot";
import { parseEvent, plainText } from "../harness/events";

let scratch: string;

beforeAll(() => {
  scratch = mkdtempSync(join(tmpdir(), "tessera-fixtures-"));
});

afterAll(() => rmSync(scratch, { recursive: true, force: true }));

/** Assembles test/boot/fixtures/broken.asm with one of its endings and gives the ELF. */
function fixture(ending: string): string {
  const object = join(scratch, `${ending}.o`);
  const elf = join(scratch, `${ending}.elf`);
  execFileSync("nasm", ["-f", "elf32", "-D", ending, "-o", object, "test/boot/fixtures/broken.asm"]);
  execFileSync("ld", ["-m", "elf_i386", "-nostdlib", "-Ttext=0x100000", "-o", elf, object], { stdio: "pipe" });
  return elf;
}

test("exit 33 passes, and serial lines and events arrive", async () => {
  const result = await boot({ elf: fixture("PASS") });
  expect(result.exitCode).toBe(EXIT_PASS);
  expect(onlyEvent(result, "greeting")).toEqual({ from: "fixture", text: "two words" });
});

test("a triple fault ends QEMU with 0, and that fails", async () => {
  await expect(boot({ elf: fixture("TRIPLE_FAULT") })).rejects.toThrow(/exit 0 \(reset, triple fault or power off\)/);
});

test("an exit code that was not expected fails, and the failure shows the end of the serial log", async () => {
  await expect(boot({ elf: fixture("WRONG_EXIT") })).rejects.toThrow(/exit 35 [^]*@greeting from=fixture/);
});

test("a panic passes where the test expects one, and a pass then fails", async () => {
  const result = await boot({ elf: fixture("WRONG_EXIT"), expectExit: EXIT_PANIC });
  expect(result.exitCode).toBe(EXIT_PANIC);
  await expect(boot({ elf: fixture("PASS"), expectExit: EXIT_PANIC })).rejects.toThrow(/exit 33; expected exit 35/);
});

test("a kernel that never ends is killed at its timeout", async () => {
  const started = Date.now();
  await expect(boot({ elf: fixture("SPIN"), timeoutSeconds: 2 })).rejects.toThrow(/no end within 2 s/);
  expect(Date.now() - started).toBeLessThan(20_000);
});

test("a boot can pass by a serial line, and fails when the line never comes", async () => {
  const result = await boot({ elf: fixture("SPIN"), until: /^@greeting/ });
  expect(result.exitCode).toBeNull();
  await expect(boot({ elf: fixture("PASS"), until: /never said/ })).rejects.toThrow(/exit 33; expected a line like/);
});

test("an ELF that QEMU cannot boot fails with QEMU's own words", async () => {
  await expect(boot({ elf: "package.json" })).rejects.toThrow(/QEMU says: /);
});

test("events are whole lines that open with @", () => {
  expect(parseEvent('@boot loader="GRUB 2" frames=12')).toEqual({
    name: "boot",
    values: { loader: "GRUB 2", frames: "12" },
  });
  expect(parseEvent("@done")).toEqual({ name: "done", values: {} });
  expect(parseEvent("mail to user@host a=b")).toBeNull();
  expect(plainText("\x1b[31mred\x1b[0m\r\n")).toBe("red\n");
});
