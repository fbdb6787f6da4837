/**
 * Where Limine is on this machine: the directory given as LIMINE, what `make limine` obtained, or an installed one.
 * LIMINE=none asks for GRUB although Limine may be there.
 */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { ImageError, findTool, run } from "./tools";

export interface Limine {
  /** Holds the files of NEEDED. */
  readonly directory: string;
  /** The program that makes a BIOS start from an image. */
  readonly tool: string;
  /** As in "8.2.0". */
  readonly version: string;
}

export const NO_LIMINE = "none";

const NEEDED = ["limine-bios.sys", "limine-bios-cd.bin", "limine-uefi-cd.bin", "BOOTX64.EFI"];
const PREFIXES = [
  "/usr/share/limine",
  "/usr/local/share/limine",
  "/opt/homebrew/share/limine",
  "/opt/limine/share/limine",
];

/** Where `make limine` puts it. */
export function obtainedDirectory(): string {
  return join(process.env.BUILD ?? "build", "limine");
}

/**
 * `given` must hold Limine or be NO_LIMINE; when it is undefined the usual places are searched. undefined: there is
 * none.
 */
export function findLimine(given: string | undefined): Limine | undefined {
  if (given === NO_LIMINE) return undefined;
  if (given !== undefined) return limineIn(given);
  const directory = [obtainedDirectory(), ...PREFIXES].find((place) => missingIn(place).length === 0);
  return directory === undefined ? undefined : limineIn(directory);
}

function missingIn(directory: string): string[] {
  return NEEDED.filter((file) => !existsSync(join(directory, file)));
}

function limineIn(directory: string): Limine {
  const missing = missingIn(directory);
  if (missing.length > 0) {
    const files = missing.join(", ");
    throw new ImageError(
      `LIMINE=${directory} lacks ${files}: give the directory of a Limine binary release, or leave LIMINE out`,
    );
  }
  const tool = findLimineTool(directory);
  return { directory, tool, version: versionOf(tool) };
}

/** Beside the files, in the bin/ that belongs to a share/limine/, or on the PATH. */
function findLimineTool(directory: string): string {
  const places = [join(directory, "limine"), join(directory, "../../bin/limine")];
  const tool = places.find((place) => existsSync(place)) ?? findTool("limine");
  if (tool !== undefined) return tool;
  throw new ImageError(
    `the program limine of ${directory} is not built: run make in that directory, or use make limine`,
  );
}

/** The tool's first line reads "Limine 8.2.0"; some releases say it in other words, so only the number counts. */
function versionOf(tool: string): string {
  return /\d+\.\d+[\w.-]*/.exec(run(tool, ["version"]))?.[0] ?? "of unknown version";
}
