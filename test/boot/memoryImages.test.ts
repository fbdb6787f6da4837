/**
 * Memory management behind real boot loaders: another memory map, the kernel at another place, loader memory to
 * reclaim, and a framebuffer. GRUB always, Limine where it is found.
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { findLimine, NO_LIMINE } from "../../scripts/image/limineFiles";
import { boot, onlyEvent, testKernelElf } from "../harness/boot";

const TESTS = ["write-combining", "image-permissions", "direct-map", "reclaimed-memory", "allocate-all"];

const limine = findLimine(process.env["LIMINE"] || undefined);
const limineState =
  limine === undefined ? "not found: make limine obtains it, LIMINE=directory names it" : limine.version;

let scratch: string;

beforeAll(() => {
  scratch = mkdtempSync(join(tmpdir(), "tessera-memory-"));
});

afterAll(() => rmSync(scratch, { recursive: true, force: true }));

/** Boots a test of the test kernel from a CD with that loader. */
async function pass(name: string, limineOption: string, firmware: "seabios" | "ovmf"): Promise<void> {
  const path = join(scratch, `${name}-${firmware}.iso`);
  const script = ["--import", "tsx", "scripts/image/iso.ts", "--kernel", testKernelElf, "--out", path];
  const options = ["--cmdline", `test=${name} events`, "--limine", limineOption];
  execFileSync(process.execPath, [...script, ...options], { stdio: "pipe" });
  const result = await boot({ image: { path, medium: "cd" }, firmware, vga: true });
  expect(onlyEvent(result, "test")).toEqual({ name, result: "pass" });
}

describe("GRUB", () => {
  test.each(TESTS)("test=%s", (name) => pass(name, NO_LIMINE, "seabios"));
  test("test=direct-map under UEFI", () => pass("direct-map", NO_LIMINE, "ovmf"));
});

describe.skipIf(limine === undefined)(`Limine ${limineState}`, () => {
  test.each(TESTS)("test=%s", (name) => pass(name, limine?.directory ?? NO_LIMINE, "seabios"));
  test("test=direct-map under UEFI", () => pass("direct-map", limine?.directory ?? NO_LIMINE, "ovmf"));
});
