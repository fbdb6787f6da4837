/**
 * `make image`: a disk image with a GPT, to be written to a USB stick or a disk. It boots on BIOS and UEFI.
 *
 *     sector 0    protective MBR, with a loader's first stage
 *     sector 1    GPT
 *     1 MiB       partition 1, EF02 "BIOS boot": the loader's second stage
 *     2 MiB       partition 2, EF00 "EFI system", FAT32: BOOTX64.EFI, configuration, kernel, modules
 *     end         copy of the GPT
 *
 * No loop device and no root: sgdisk writes the table, mtools writes into the file at an offset.
 */
import { mkdirSync, readFileSync, readdirSync, rmSync, statSync, truncateSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { copyInto, withDirectory, writeContent } from "./content";
import { embedGrubBios, makeGrubEfi, needGrub, sayGrub } from "./grub";
import { findLimine, type Limine } from "./limineFiles";
import { parseSettings, type Settings } from "./settings";
import { needTool, run, runScript, say } from "./tools";

const MIB = 1 << 20;
const SECTOR = 512;
const SECTORS_PER_MIB = MIB / SECTOR;
const BIOS_START = SECTORS_PER_MIB;
const EFI_START = 2 * SECTORS_PER_MIB;
/** FAT32 needs 65525 clusters: with one sector each that is 32 MiB and some for the tables. */
const SMALLEST_EFI_MIB = 40;

function makeDisk(): void {
  const settings = parseSettings(process.argv.slice(2));
  const limine = findLimine(settings.limine);
  mkdirSync(dirname(settings.out), { recursive: true });
  withDirectory((scratch) => {
    const root = join(scratch, "root");
    writeContent(root, settings, limine === undefined ? "grub" : "limine");
    if (limine === undefined) grubDisk(scratch, root, settings);
    else limineDisk(root, settings, limine);
  });
}

function limineDisk(root: string, settings: Settings, limine: Limine): void {
  copyInto(root, "boot/limine", join(limine.directory, "limine-bios.sys"));
  copyInto(root, "EFI/BOOT", join(limine.directory, "BOOTX64.EFI"));
  makePartitions(root, settings.out);
  run(limine.tool, ["bios-install", settings.out, "1"]);
  say("LOADER", `Limine ${limine.version} from ${limine.directory}`);
}

function grubDisk(scratch: string, root: string, settings: Settings): void {
  const grub = needGrub();
  mkdirSync(join(root, "EFI/BOOT"), { recursive: true });
  makeGrubEfi(grub, scratch, join(root, "EFI/BOOT/BOOTX64.EFI"));
  makePartitions(root, settings.out);
  const disk = readFileSync(settings.out);
  embedGrubBios(grub, scratch, disk, BIOS_START, EFI_START - BIOS_START);
  writeFileSync(settings.out, disk);
  sayGrub(grub, settings.limine);
}

/** Makes `out` with both partitions, the second one holding the files under `root`. */
function makePartitions(root: string, out: string): void {
  const sgdisk = needTool("gdisk", "sgdisk");
  const mformat = needTool("mtools", "mformat");
  const efiSectors = efiMib(root) * SECTORS_PER_MIB;
  rmSync(out, { force: true });
  writeFileSync(out, "");
  truncateSync(out, (EFI_START + efiSectors + SECTORS_PER_MIB) * SECTOR);
  const bios = ["-n", `1:${BIOS_START}:${EFI_START - 1}`, "-t", "1:ef02", "-c", "1:BIOS boot"];
  const efi = ["-n", `2:${EFI_START}:${EFI_START + efiSectors - 1}`, "-t", "2:ef00", "-c", "2:Tessera"];
  run(sgdisk, ["-a", "1", ...bios, ...efi, out]);
  const target = `${out}@@${EFI_START * SECTOR}`;
  run(mformat, [
    "-i",
    target,
    "-F",
    "-T",
    String(efiSectors),
    "-h",
    "255",
    "-s",
    "63",
    "-c",
    "1",
    "-v",
    "TESSERA",
    "::",
  ]);
  run("mcopy", ["-i", target, "-s", ...readdirSync(root).map((name) => join(root, name)), "::/"]);
}

/** Size of the EFI partition: its content, a quarter for FAT's tables and clusters, and at least what FAT32 wants. */
function efiMib(root: string): number {
  return Math.max(SMALLEST_EFI_MIB, Math.ceil((treeBytes(root) * 1.25) / MIB) + 4);
}

function treeBytes(directory: string): number {
  const names = readdirSync(directory, { recursive: true, encoding: "utf8" });
  return names.reduce((sum, name) => sum + statSync(join(directory, name)).size, 0);
}

runScript(makeDisk);
