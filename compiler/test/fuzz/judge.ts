// What must hold of every source, however broken: the front end comes to an end with diagnostics that have a place, or
// with a program that both back ends print, that gcc has nothing to say about, and that Node can parse.

import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { Random } from "../differential/random";
import { CODES, analyse, type Analysis, type Diagnostic } from "../../src/compile";
import { printProgram as printC } from "../../src/emit/c/program";
import { printProgram as printJs } from "../../src/emit/js/program";
import { isStackOverflow } from "../../src/nesting";
import { checkC } from "../support";
import { programs, readSources, type Program } from "./corpus";
import { mutate } from "./mutate";

export interface Mutant {
  readonly seed: number;
  readonly entry: string;
  /** The file that was changed, and its text. */
  readonly file: string;
  readonly text: string;
}

export type Verdict =
  | { readonly kind: "refused" }
  | { readonly kind: "accepted"; readonly c: string }
  | { readonly kind: "failed"; readonly reason: string };

const ALL = programs();
const SOURCES = readSources(ALL);

/** The mutant that a seed names. */
export function mutantOf(seed: number): Mutant {
  const random = new Random(seed);
  const { entry, own }: Program = random.pick(ALL);
  const file = random.pick(own);
  const other = SOURCES.get(random.pick([...SOURCES.keys()])) ?? "";
  return { seed, entry, file, text: mutate(SOURCES.get(file) ?? "", random, other) };
}

/** A folder that looks like the project to the compiler: all sources as they are. Mutants stand in it one at a time. */
export function layOut(folder: string): void {
  for (const [file, text] of SOURCES) put(folder, file, text);
}

function put(folder: string, file: string, text: string): void {
  mkdirSync(dirname(join(folder, file)), { recursive: true });
  writeFileSync(join(folder, file), text);
}

/** Compiles a mutant in a folder made by `layOut`, which is the same again afterwards. */
export function judge(folder: string, { entry, file, text }: Mutant): Verdict {
  put(folder, file, text);
  try {
    return verdictOn(analyse({ root: folder, entry, target: "metal" }), file, text);
  } catch (error) {
    return { kind: "failed", reason: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  } finally {
    put(folder, file, SOURCES.get(file) ?? "");
  }
}

function verdictOn(analysis: Analysis, file: string, text: string): Verdict {
  if (analysis.unit === undefined) {
    const lines = text.split(/\r\n|[\n\r\u2028\u2029]/).length;
    const complaints = analysis.diagnostics
      .map((each) => complaintAbout(each, file, lines))
      .filter((each) => each !== "");
    if (analysis.diagnostics.length === 0) complaints.push("neither a program nor a diagnostic");
    return complaints.length === 0 ? { kind: "refused" } : { kind: "failed", reason: complaints.join("\n") };
  }
  try {
    // Everything that was lowered, reachable or not: the more the back ends see, the better.
    const c = printC(analysis.program, "metal");
    // eslint-disable-next-line @typescript-eslint/no-implied-eval -- only parsed, never run
    new Function("$runtime", printJs(analysis.program));
    return { kind: "accepted", c };
  } catch (error) {
    if (isStackOverflow(error)) return { kind: "refused" };
    throw error;
  }
}

/** What is wrong with a diagnostic; empty when nothing is. */
function complaintAbout(diagnostic: Diagnostic, file: string, lines: number): string {
  const { code, line, column, message, suggestion = "" } = diagnostic;
  const text = `${diagnostic.file}:${line}:${column} ${code} ${message} / ${suggestion}`;
  if (!Object.hasOwn(CODES, code) && !/^TS\d+$/.test(code)) return `unknown code: ${text}`;
  if (!SOURCES.has(diagnostic.file)) return `no such file: ${text}`;
  if (line < 1 || column < 1 || (diagnostic.file === file && line > lines)) return `no such place: ${text}`;
  return Object.hasOwn(CODES, code) && /\{\d\}|\[object|\bundefined\b(?!')/.test(text) ? `badly worded: ${text}` : "";
}

/** What gcc says about the C of accepted mutants, by seed: those it has nothing to say about are not in it. */
export async function complaintsOfGcc(
  folder: string,
  accepted: ReadonlyMap<number, string>,
): Promise<Map<number, string>> {
  const complaints = new Map<number, string>();
  await Promise.all(
    [...accepted].map(async ([seed, c]) => {
      const said = await checkC(c, folder, `seed${seed}`, "metal");
      if (said !== "") complaints.set(seed, said);
      else rmSync(join(folder, `seed${seed}.metal.c`));
    }),
  );
  return complaints;
}
