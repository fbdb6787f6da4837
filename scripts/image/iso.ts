/**
 * `make iso`: an ISO image that boots on BIOS and UEFI, from a CD and, written to it as it is, from a USB stick.
 *
 *   Limine   El Torito for BIOS: limine-bios-cd.bin; El Torito and EFI partition for UEFI: limine-uefi-cd.bin; then the
 *            MBR and stage 2 of `limine bios-install`
 *   GRUB     grub-mkrescue does the same with GRUB's files
 */
import { mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { copyInto, withDirectory, writeContent } from "./content";
import { needGrub, sayGrub } from "./grub";
import { findLimine, type Limine } from "./limineFiles";
import { parseSettings, type Settings } from "./settings";
import { needTool, run, runScript, say } from "./tools";

function makeIso(): void {
  const settings = parseSettings(process.argv.slice(2));
  const limine = findLimine(settings.limine);
  mkdirSync(dirname(settings.out), { recursive: true });
  withDirectory((root) => {
    writeContent(root, settings, limine === undefined ? "grub" : "limine");
    if (limine === undefined) grubIso(root, settings);
    else limineIso(root, settings, limine);
  });
}

function limineIso(root: string, settings: Settings, limine: Limine): void {
  const xorriso = needTool("xorriso", "xorriso");
  for (const file of ["limine-bios.sys", "limine-bios-cd.bin", "limine-uefi-cd.bin"]) {
    copyInto(root, "boot/limine", join(limine.directory, file));
  }
  copyInto(root, "EFI/BOOT", join(limine.directory, "BOOTX64.EFI"));
  const bios = ["-b", "boot/limine/limine-bios-cd.bin", "-no-emul-boot", "-boot-load-size", "4", "-boot-info-table"];
  const uefi = ["--efi-boot", "boot/limine/limine-uefi-cd.bin", "-efi-boot-part", "--efi-boot-image"];
  const hybrid = ["-hfsplus", "-apm-block-size", "2048", "--protective-msdos-label"];
  run(xorriso, ["-as", "mkisofs", "-quiet", "-R", "-r", "-J", ...bios, ...hybrid, ...uefi, root, "-o", settings.out]);
  run(limine.tool, ["bios-install", settings.out]);
  say("LOADER", `Limine ${limine.version} from ${limine.directory}`);
}

function grubIso(root: string, settings: Settings): void {
  const grub = needGrub();
  needTool("xorriso", "xorriso");
  needTool("mtools", "mformat");
  run(grub.mkrescue, ["-o", settings.out, root, "--", "-volid", "TESSERA"]);
  sayGrub(grub, settings.limine);
}

runScript(makeIso);
