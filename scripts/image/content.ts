/**
 * The files every image holds, laid out in a directory:
 *
 *   boot/tessera.elf             the kernel
 *   boot/modules/NAME            modules
 *   boot/limine/limine.conf      and limine.cfg, for older releases; from iso/
 *   boot/grub/grub.cfg           from iso/
 */
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import type { Settings } from "./settings";

const TEMPLATES = join(import.meta.dirname, "../../iso");

export type LoaderKind = "limine" | "grub";

/** Calls `work` with a directory that lives no longer. */
export function withDirectory(work: (directory: string) => void): void {
  const directory = mkdtempSync(join(tmpdir(), "tessera-image-"));
  try {
    work(directory);
  } finally {
    rmSync(directory, { recursive: true });
  }
}

/** Lays out kernel, modules and the loader's configuration under `root`. */
export function writeContent(root: string, settings: Settings, loader: LoaderKind): void {
  copyInto(root, "boot", settings.kernel, "tessera.elf");
  for (const file of settings.modules) copyInto(root, "boot/modules", file);
  if (loader === "grub") {
    writeConfiguration(root, "boot/grub", "grub.cfg", settings, (name) => [`module2 /boot/modules/${name} ${name}`]);
    return;
  }
  writeConfiguration(root, "boot/limine", "limine.conf", settings, (name) => [
    `module_path: boot():/boot/modules/${name}`,
    `module_cmdline: ${name}`,
  ]);
  writeConfiguration(root, "boot/limine", "limine.cfg", settings, (name) => [
    `MODULE_PATH=boot:///boot/modules/${name}`,
    `MODULE_CMDLINE=${name}`,
  ]);
}

/** Copies a file to `folder` under `root`, making the folder. */
export function copyInto(root: string, folder: string, file: string, name = basename(file)): void {
  mkdirSync(join(root, folder), { recursive: true });
  copyFileSync(file, join(root, folder, name));
}

function writeConfiguration(
  root: string,
  folder: string,
  file: string,
  settings: Settings,
  moduleLines: (name: string) => string[],
): void {
  const { commandLine, modules } = settings;
  const lines = modules.flatMap((module) => moduleLines(basename(module)));
  const words = file === "grub.cfg" ? quoteForGrub(commandLine) : commandLine;
  const text = readFileSync(join(TEMPLATES, file), "utf8")
    .replace("@CMDLINE@", () => words)
    .replace("@MODULES@", () => lines.join("\n    "));
  mkdirSync(join(root, folder), { recursive: true });
  writeFileSync(join(root, folder, file), text);
}

/** GRUB's language gives a meaning to ; & | < > { } # and more: none inside quotes. */
function quoteForGrub(commandLine: string): string {
  const words = commandLine.split(" ").filter((word) => word !== "");
  return words.map((word) => (/^[\w.=,:/+-]+$/.test(word) ? word : `'${word}'`)).join(" ");
}
