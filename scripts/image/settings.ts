/**
 * What an image is made of, from the options of iso.ts and disk.ts:
 *
 *   --kernel FILE --out FILE [--cmdline WORDS] [--limine DIRECTORY|none] [--modules "FILE FILE"]
 *                             [--root CPIO]     the root of programs comes along, and tsh is the first of them
 */
import { existsSync } from "node:fs";
import { basename } from "node:path";
import { parseArgs } from "node:util";
import { withFirstProgram } from "../firstProgram";
import { ImageError } from "./tools";

export interface Settings {
  readonly kernel: string;
  readonly out: string;
  readonly commandLine: string;
  /** Directory of Limine's files, or NO_LIMINE; undefined: search. */
  readonly limine: string | undefined;
  /** Files for the kernel; each is told to it by its base name. */
  readonly modules: readonly string[];
}

const OPTIONS = {
  kernel: { type: "string" },
  out: { type: "string" },
  cmdline: { type: "string", default: "" },
  limine: { type: "string", default: "" },
  modules: { type: "string", default: "" },
  root: { type: "string", default: "" },
} as const;

export function parseSettings(args: readonly string[]): Settings {
  const { values } = parseArgs({ args: [...args], options: OPTIONS });
  if (values.kernel === undefined || values.out === undefined)
    throw new ImageError("--kernel FILE and --out FILE are needed");
  const modules = `${values.root} ${values.modules}`.split(" ").filter((file) => file !== "");
  for (const file of [values.kernel, ...modules]) checkFile(file);
  return {
    kernel: values.kernel,
    out: values.out,
    commandLine: checkCommandLine(values.root === "" ? values.cmdline : withFirstProgram(values.cmdline)),
    limine: values.limine === "" ? undefined : values.limine,
    modules,
  };
}

function checkFile(file: string): void {
  if (!existsSync(file)) throw new ImageError(`there is no file ${file}`);
  if (!/^[\w.+-]+$/.test(basename(file)))
    throw new ImageError(`${file}: a file name in an image has only letters, digits and . _ + -`);
}

/** Both loaders' configuration files have quotes and variables of their own. */
function checkCommandLine(line: string): string {
  if (/^[\x20-\x7e]*$/.test(line) && !/["'`\\$]/.test(line)) return line.trim();
  throw new ImageError("CMDLINE in an image is one line of ASCII without quotes, backslashes and $");
}
