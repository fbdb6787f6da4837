/**
 * Turns addresses of the kernel into TypeScript frames.
 *
 *   scripts/symbolise 0xffffffff8020c116            one line a frame, inlined ones first
 *   scripts/symbolise < build/serial.log            the log again, each code address followed by its frame
 *   scripts/symbolise --elf build/tessera-test.elf ...
 *
 * Needs the ELF as it was built, with the compiler's names (`*.names.json`) beside it. CROSS is the prefix of addr2line.
 */
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { parseArgs } from "node:util";

interface Frame {
  readonly name: string;
  /** `file.ts:line`. */
  readonly place: string;
}

type Names = Readonly<Record<string, { readonly name: string } | undefined>>;

/** Kernel addresses as they are printed: the image lies in the topmost 2 GiB. */
const ADDRESS = /0x(?:00000000)?f{8}[89a-f][0-9a-f]{7}\b/g;
const DEFAULT_ELF = `${process.env.BUILD ?? "build"}/tessera.elf`;

function main(): number {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { elf: { type: "string", default: DEFAULT_ELF } },
  });
  const { elf } = values;
  if (!existsSync(elf)) return complain(`there is no ${elf}: build it with make, or name another with --elf`);
  const wrong = positionals.find((word) => !/^(0x)?[0-9a-f]{1,16}$/i.test(word));
  if (wrong !== undefined) return complain(`'${wrong}' is not an address: write it like 0xffffffff80200000`);
  const text = positionals.length > 0 ? undefined : readFileSync(0, "utf8");
  const addresses = text === undefined ? positionals.map(normalise) : [...new Set(text.match(ADDRESS) ?? [])];
  const frames = framesOf(elf, addresses, namesBeside(elf));
  process.stdout.write(text === undefined ? listing(addresses, frames) : annotated(text, frames));
  return 0;
}

function complain(message: string): number {
  console.error(`symbolise: ${message}`);
  return 2;
}

const normalise = (word: string): string => `0x${word.replace(/^0x/i, "").toLowerCase()}`;

function namesBeside(elf: string): Names {
  const file = elf.replace(/\.elf$/, ".names.json");
  return existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as Names) : {};
}

/** For each address its frames, the innermost inlined function first; none for an address outside of code. */
function framesOf(elf: string, addresses: readonly string[], names: Names): Map<string, Frame[]> {
  const result = new Map<string, Frame[]>();
  if (addresses.length === 0) return result;
  const addr2line = `${process.env.CROSS ?? ""}addr2line`;
  const output = execFileSync(addr2line, ["-a", "-f", "-i", "-e", elf], {
    input: addresses.join("\n"),
    encoding: "utf8",
  });
  for (const [index, block] of output
    .split(/^0x[0-9a-f]+\n/m)
    .slice(1)
    .entries()) {
    const lines = block.trimEnd().split("\n");
    const frames = lines.flatMap((symbol, at) => (at % 2 === 0 ? [frameOf(symbol, lines[at + 1] ?? "", names)] : []));
    result.set(addresses[index] ?? "", frames.filter(isSource));
  }
  return result;
}

const frameOf = (symbol: string, place: string, names: Names): Frame => ({
  name: names[symbol]?.name ?? symbol,
  place: place.replace(/ \(discriminator \d+\)$/, "").replace(`${process.cwd()}/`, ""),
});

/** Not of the generated C or of runtime.h: their code belongs to the TypeScript line that called for it. */
const isSource = (frame: Frame): boolean => /\.(?:ts|asm):\d+$/.test(frame.place);

const shown = (frame: Frame): string => `${frame.name} (${frame.place})`;

const listing = (addresses: readonly string[], frames: ReadonlyMap<string, Frame[]>): string =>
  addresses
    .map(
      (address) => `${address}  ${(frames.get(address) ?? []).map(shown).join(", in ") || "not code of this kernel"}\n`,
    )
    .join("");

/** Lines that name their frame already, as a stack trace does, stay as they are. */
function annotated(text: string, frames: ReadonlyMap<string, Frame[]>): string {
  return text.replace(/^.*$/gm, (line) =>
    line.replace(ADDRESS, (address) => {
      const [frame] = frames.get(address) ?? [];
      return frame === undefined || line.includes(frame.place) ? address : `${address} <${shown(frame)}>`;
    }),
  );
}

process.exitCode = main();
