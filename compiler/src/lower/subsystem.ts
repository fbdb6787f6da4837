// The subsystem that a file logs for: its folder under kernel/, or itself right under kernel/; the top folder
// elsewhere.

import { basename, dirname } from "node:path";

/** `kernel/mm/x.ts` -> "mm", `kernel/main.ts` -> "main", `arch/x86_64/gdt.ts` -> "arch", `boot/limine.ts` -> "boot". */
export function subsystemOf(path: string): string {
  const [top, ...rest] = path.split("/");
  if (top === "arch" || top === "boot") return top;
  const isRightUnderKernel = top === "kernel" && rest.length === 1;
  const folder = basename(dirname(path));
  return isRightUnderKernel || folder === "." || folder === "" ? basename(path, ".ts") : folder;
}
