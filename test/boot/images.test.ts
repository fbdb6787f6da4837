/**
 * The ISO and the disk image boot on BIOS and UEFI machines from every medium they are for, with GRUB always and
 * with real Limine where it is found. Each boot must carry the command line, and bring the modules, to the kernel.
 *
 *   scripts/image/iso.ts   --> tessera.iso --> CD, disk, USB stick   x  SeaBIOS, OVMF
 *   scripts/image/disk.ts  --> tessera.img -->     disk, USB stick   x  SeaBIOS, OVMF
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { findLimine, NO_LIMINE } from "../../scripts/image/limineFiles";
import type { Medium } from "../../scripts/qemu";
import { boot, buildDirectory, kernelElf, onlyEvent, type BootResult } from "../harness/boot";

const ROOT = join(buildDirectory, "root.cpio");

type ImageKind = "iso" | "disk";
type Firmware = "seabios" | "ovmf";

const BOOTS: [ImageKind, Firmware, Medium][] = [
  ["iso", "seabios", "cd"],
  ["iso", "seabios", "disk"],
  ["iso", "seabios", "usb"],
  ["iso", "ovmf", "cd"],
  ["iso", "ovmf", "usb"],
  ["disk", "seabios", "disk"],
  ["disk", "seabios", "usb"],
  ["disk", "ovmf", "disk"],
  ["disk", "ovmf", "usb"],
];

const limine = findLimine(process.env["LIMINE"] || undefined);
const WITHOUT_LIMINE = "Limine was not found: make limine obtains it, LIMINE=directory names it";

let scratch: string;
beforeAll(() => {
  scratch = mkdtempSync(join(tmpdir(), "tessera-images-"));
});
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

const images = new Map<string, string>();

/** The image of that kind with that loader; made when first asked for. */
function imageOf(kind: ImageKind, limineOption: string, kernel = kernelElf): string {
  const key = `${kind}-${limineOption === NO_LIMINE ? "grub" : "limine"}-${basename(kernel)}`;
  const known = images.get(key);
  if (known !== undefined) return known;
  const out = join(scratch, key);
  const options = ["--cmdline", "events exit log=debug", "--modules", "package.json tsconfig.json"];
  const script = ["--import", "tsx", `scripts/image/${kind}.ts`, "--kernel", kernel, "--out", out];
  execFileSync(process.execPath, [...script, ...options, "--limine", limineOption], { stdio: "pipe" });
  images.set(key, out);
  return out;
}

/** The image as `make iso` and `make image` make it: with the programs of user/. */
function imageWithPrograms(kind: ImageKind, limineOption: string): string {
  const out = join(scratch, `programs-${kind}-${basename(limineOption)}`);
  const options = ["--kernel", kernelElf, "--out", out, "--root", ROOT, "--limine", limineOption];
  execFileSync(process.execPath, ["--import", "tsx", `scripts/image/${kind}.ts`, ...options], { stdio: "pipe" });
  return out;
}

const startsMonitor = { until: /^Tessera monitor/, vga: true } as const;

/** What every boot must show: the loader by name, the end of the boot, both modules and a framebuffer. */
function expectGoodBoot(result: BootResult, loader: string, entry: string): void {
  expect(onlyEvent(result, "boot")).toMatchObject({ loader, entry });
  onlyEvent(result, "ready");
  expect(result.serial).toMatch(/command line +events exit log=debug/);
  expect(result.serial).toMatch(/module +package\.json/);
  expect(result.serial).toMatch(/module +tsconfig\.json/);
  expect(result.serial).toMatch(/screen +\d+ x \d+/);
}

describe("GRUB", () => {
  test.for(BOOTS)("boots the %s image under %s from %s", async ([kind, firmware, medium]) => {
    const result = await boot({ image: { path: imageOf(kind, NO_LIMINE), medium }, firmware, vga: true });
    expectGoodBoot(result, "GRUB", "multiboot2");
  });

  test.for(["pc", "q35"] as const)("boots from disk on %s with 8 GiB and the smallest CPU", async (machine) => {
    const image = { path: imageOf("disk", NO_LIMINE), medium: "disk" } as const;
    const result = await boot({ image, machine, memory: "8G", cpu: "qemu64", vga: true });
    expectGoodBoot(result, "GRUB", "multiboot2");
  });

  test.for(["iso", "disk"] as const)("ends in tsh, from the %s image with programs", async (kind) => {
    await boot({ image: { path: imageWithPrograms(kind, NO_LIMINE), medium: "disk" }, ...startsMonitor });
  });

  test("boots without a video card: its made-up framebuffer is not taken", async () => {
    const image = { path: imageOf("disk", NO_LIMINE), medium: "disk" } as const;
    const result = await boot({ image, firmware: "seabios" });
    onlyEvent(result, "ready");
    expect(result.serial).toMatch(/screen +none/);
  });
});

/** The Multiboot2 tag of a relocatable image: its kind and flags, its size, the lowest address it may be loaded at. */
const RELOCATABLE_TAG = [10, 24, 0x100000];
const LOWEST_ADDRESS_OFFSET = 8;

/** A kernel that GRUB must load from `lowest` on, wherever it is linked. */
function relocatedKernel(lowest: number): string {
  const elf = readFileSync(kernelElf);
  const tag = elf.indexOf(Buffer.from(Uint32Array.from(RELOCATABLE_TAG).buffer));
  expect(tag).toBeGreaterThan(0);
  elf.writeUInt32LE(lowest, tag + LOWEST_ADDRESS_OFFSET);
  const out = join(scratch, "relocated.elf");
  writeFileSync(out, elf);
  return out;
}

describe("what GRUB makes of the image", () => {
  test.for(["seabios", "ovmf"] as const)("it may lie elsewhere than linked, under %s", async (firmware) => {
    const image = { path: imageOf("disk", NO_LIMINE, relocatedKernel(0x4000000)), medium: "disk" } as const;
    const result = await boot({ image, firmware, vga: true });
    expectGoodBoot(result, "GRUB", "multiboot2");
    expect(result.serial).toMatch(/kernel at +0xffffffff80200000, physical 0x0000000004000000/);
  });

  test("a CPU without 64-bit mode is refused in a sentence", async () => {
    const image = { path: imageOf("disk", NO_LIMINE), medium: "disk" } as const;
    await boot({ image, cpu: "qemu64,-lm", until: /Tessera stops: this processor has no 64-bit mode/ });
  });
});

describe("Limine", () => {
  test.for(BOOTS)("boots the %s image under %s from %s", async ([kind, firmware, medium], context) => {
    if (limine === undefined) return context.skip(WITHOUT_LIMINE);
    const result = await boot({ image: { path: imageOf(kind, limine.directory), medium }, firmware, vga: true });
    expectGoodBoot(result, "Limine", "limine");
  });

  test("ends in tsh, from the image with programs", async (context) => {
    if (limine === undefined) return context.skip(WITHOUT_LIMINE);
    const image = { path: imageWithPrograms("disk", limine.directory), medium: "disk" } as const;
    await boot({ image, ...startsMonitor });
  });

  test("boots from disk with 8 GiB and the smallest CPU, modules above 4 GiB", async (context) => {
    if (limine === undefined) return context.skip(WITHOUT_LIMINE);
    const image = { path: imageOf("disk", limine.directory), medium: "disk" } as const;
    const result = await boot({ image, machine: "pc", memory: "8G", cpu: "qemu64", vga: true });
    expectGoodBoot(result, "Limine", "limine");
    expect(result.serial).toMatch(/module +package\.json .* at 0x000000[0-9a-f][1-9a-f][0-9a-f]{8}\b/);
  });
});
