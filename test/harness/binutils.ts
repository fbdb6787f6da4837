/** What binutils tell about code, to compare what scripts/symbols reads with. CROSS is their prefix. */
import { execFileSync } from "node:child_process";
import type { CodeFunction, NamedFunction, Place } from "../../scripts/symbols/functions";

const MAX_OUTPUT_BYTES = 512 * 1024 * 1024;

function run(tool: string, options: string[], input = ""): string {
  const program = `${process.env["CROSS"] ?? ""}${tool}`;
  return execFileSync(program, options, { encoding: "utf8", input, maxBuffer: MAX_OUTPUT_BYTES });
}

/** As nm writes it. */
export const hexadecimal = (address: number): string => BigInt.asUintN(64, BigInt(address)).toString(16);

/** Addresses of all instructions, from objdump. */
export function instructionsOf(elf: string): number[] {
  const text = run("objdump", ["-d", "-z", "--no-show-raw-insn", elf]);
  return [...text.matchAll(/^\s*([0-9a-f]+):\t/gm)].map(([, digits]) =>
    Number(BigInt.asIntN(64, BigInt(`0x${digits}`))),
  );
}

/**
 * The frames of each address as `function file:line`, from addr2line, without those of C. Null where it knows no line,
 * and where it tells a C file: it does so where a program of version 5 begins, before that names a file.
 */
export function framesFromAddr2line(
  elf: string,
  addresses: readonly number[],
  names: ReadonlyMap<string, NamedFunction>,
): (string[] | null)[] {
  const text = run("addr2line", ["-a", "-f", "-i", "-e", elf], addresses.map(hexadecimal).join("\n"));
  const nameOf = (symbol: string): string => names.get(symbol.replace(/\..*/, ""))?.name ?? symbol.replace(/\..*/, "");
  const blocks = text.split(/^0x[0-9a-f]+\n/m).slice(1);
  return blocks.map((block) => {
    if (/:[?0]$|\.c:/m.test(block)) return null;
    return [...block.matchAll(/^(\S+)\n(\S+?):(\d+)/gm)]
      .filter(([, , file]) => /\.(?:ts|asm)$/.test(file))
      .map(([, symbol, file, line]) => `${nameOf(symbol)} ${fileName(file)}:${line}`);
  });
}

/** The same from what was read. */
export function framesOf(functions: readonly CodeFunction[], address: number): string[] {
  const code = functions.find(({ start, size }) => address >= start && address < start + size);
  const row = code?.rows.findLast((candidate) => candidate.address <= address);
  const frames: string[] = [];
  for (let place: Place | null = row?.place ?? null; place !== null; place = place.caller)
    frames.push(`${place.name} ${fileName(place.file)}:${place.line}`);
  return frames;
}

/** addr2line puts folders in front, NASM's twice. */
const fileName = (path: string): string => path.replace(/^.*\//, "");
