/**
 * GRUB's programs, and GRUB on a disk image. grub-install wants a mounted disk and root; the same bytes are written
 * here.
 *
 *     sector 0        boot.img     loads one sector; where it is stands at 0x5c
 *     BIOS partition  core.img     its first sector loads the rest; where that is stands at 0x1f4
 *     EFI partition   BOOTX64.EFI
 *
 * GRUB 2 source, "grub-core/boot/i386/pc/boot.S" and "diskboot.S" (labels kernel_sector, firstlist).
 */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { NO_LIMINE } from "./limineFiles";
import { ImageError, needTool, run, say } from "./tools";

export interface Grub {
  readonly mkrescue: string;
  readonly mkimage: string;
  /** Holds i386-pc/ and x86_64-efi/. */
  readonly directory: string;
  readonly version: string;
}

const DIRECTORIES = [
  "/usr/lib/grub",
  "/usr/local/lib/grub",
  "/opt/homebrew/lib/grub",
  "/opt/homebrew/lib/i686-elf/grub",
];
const SECTOR = 512;
const BOOT_CODE_BYTES = 440;
const BOOT_KERNEL_SECTOR = 0x5c;
const BOOT_DRIVE_CHECK = 0x66;
const CORE_FIRST_LIST = 0x1f4;
const NO_OPERATION = 0x90;

/** All that grub.cfg needs, so that the image holds no further files of GRUB. */
const MODULES = [
  "part_gpt",
  "fat",
  "normal",
  "multiboot2",
  "all_video",
  "search_fs_file",
  "configfile",
  "boot",
  "echo",
];
const EARLY_CONFIGURATION = "search.file /boot/grub/grub.cfg root\nset prefix=($root)/boot/grub\n";

/** GRUB with both platforms. Missing: an error that says which package to install. */
export function needGrub(): Grub {
  const mkrescue = needTool("grub-common", "grub-mkrescue", "grub2-mkrescue", "i686-elf-grub-mkrescue");
  const mkimage = needTool("grub-common", "grub-mkimage", "grub2-mkimage", "i686-elf-grub-mkimage");
  const directory = DIRECTORIES.find(
    (place) => existsSync(join(place, "i386-pc")) || existsSync(join(place, "x86_64-efi")),
  );
  for (const [platform, debianPackage] of [
    ["i386-pc", "grub-pc-bin"],
    ["x86_64-efi", "grub-efi-amd64-bin"],
  ] as const) {
    if (directory !== undefined && existsSync(join(directory, platform))) continue;
    throw new ImageError(
      `GRUB's files for ${platform} are missing: install them (Debian package ${debianPackage}) and run this again`,
    );
  }
  const version = /\d+\.\d+[\w.+~-]*/.exec(run(mkimage, ["--version"]))?.[0] ?? "of unknown version";
  return { mkrescue, mkimage, directory: directory ?? "", version };
}

/** Says what the image starts with, and how Limine would be had unless it was declined. */
export function sayGrub(grub: Grub, limine: string | undefined): void {
  const hint = limine === NO_LIMINE ? "" : " (Limine was not found: make limine obtains it, LIMINE=directory names it)";
  say("LOADER", `GRUB ${grub.version}${hint}`);
}

/** Builds the UEFI program. */
export function makeGrubEfi(grub: Grub, scratch: string, out: string): void {
  makeGrubImage(grub, scratch, "x86_64-efi", ["efi_gop", "efi_uga"], out);
}

function makeGrubImage(grub: Grub, scratch: string, platform: string, more: string[], out: string): void {
  const early = join(scratch, "early.cfg");
  writeFileSync(early, EARLY_CONFIGURATION);
  run(grub.mkimage, ["-O", platform, "-p", "/boot/grub", "-c", early, "-o", out, ...MODULES, ...more]);
}

/**
 * Writes GRUB for BIOS machines into `disk`, whose BIOS boot partition begins at sector `first` and has `sectors`
 * sectors.
 */
export function embedGrubBios(grub: Grub, scratch: string, disk: Buffer, first: number, sectors: number): void {
  const coreFile = join(scratch, "core.img");
  makeGrubImage(grub, scratch, "i386-pc", ["biosdisk"], coreFile);
  const core = readFileSync(coreFile);
  if (core.length > sectors * SECTOR) throw new ImageError(`GRUB's core image does not fit into ${sectors} sectors`);
  core.writeBigUInt64LE(BigInt(first + 1), CORE_FIRST_LIST);
  const boot = readFileSync(join(grub.directory, "i386-pc", "boot.img"));
  boot.writeBigUInt64LE(BigInt(first), BOOT_KERNEL_SECTOR);
  boot.fill(NO_OPERATION, BOOT_DRIVE_CHECK, BOOT_DRIVE_CHECK + 2);
  boot.copy(disk, 0, 0, BOOT_CODE_BYTES);
  core.copy(disk, first * SECTOR);
}
