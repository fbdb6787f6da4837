/** The report as text to read in a terminal. */
import type { BoundReport, EntryReport, Report, WordUse } from "./report";
import { INLINE_ASSEMBLY_BYTES, NESTED_TRAPS, TRAP_ENTRY_BYTES } from "./rules";

/** The longest lists are cut in the text; report.json has all. */
const SHOWN_FUNCTIONS = 20;

export function reportText(report: Report): string {
  return [
    section("Stack depth by entry point", [
      "Frames from gcc, return addresses included. A call through a function reference counts as a call of every function",
      `whose address is taken and whose type fits. ${INLINE_ASSEMBLY_BYTES} bytes are added for inline assembly, and ` +
        `${TRAP_ENTRY_BYTES} for what a trap pushes.`,
      ...report.entries.flatMap(entryLines),
    ]),
    section(`Stacks, with room for ${NESTED_TRAPS} traps nested`, table(report.stacks.map(stackRow))),
    section("Recursion with a known end", report.bounds.flatMap(boundLines)),
    section("Allocation below trap entries", report.allocation.flatMap(allocationLines)),
    section("Code by module (bytes, functions)", table(report.modules.map(moduleRow))),
    section(`Code by function (bytes), the largest ${SHOWN_FUNCTIONS}`, table(functionRows(report))),
    section("Words that reach past the language, outside of arch/", table(report.words.map(wordRow))),
    section("Rules", report.broken.length === 0 ? ["all kept"] : report.broken.map((rule) => `BROKEN: ${rule}`)),
  ].join("\n");
}

const section = (title: string, lines: readonly string[]): string =>
  [title, "-".repeat(title.length), ...lines.map((line) => (line === "" ? "" : `  ${line}`)), ""].join("\n");

const grouped = (value: number): string => value.toLocaleString("en-US");

/** Columns of one width; a column of numbers is aligned to the right. */
function table(rows: readonly (readonly string[])[]): string[] {
  const columns = Math.max(0, ...rows.map((row) => row.length));
  const widths = Array.from({ length: columns }, (_, at) => Math.max(...rows.map((row) => row[at]?.length ?? 0)));
  const cell = (text: string, at: number): string =>
    /^[\d,]+$/.test(text) ? text.padStart(widths[at] ?? 0) : text.padEnd(widths[at] ?? 0);
  return rows.map((row) => row.map(cell).join("  ").trimEnd());
}

function entryLines({ entry, bytes, chain, cycles }: EntryReport): string[] {
  const title = `${entry}: ${grouped(bytes)} bytes${cycles.length > 0 ? ", without its recursion" : ""}`;
  const steps = chain.map(({ name, frameBytes, calledAt }) => [
    grouped(frameBytes),
    name,
    calledAt && `from ${calledAt}`,
  ]);
  const recursion = cycles.map((cycle) => `recursion: ${cycle.join(" -> ")}`);
  return ["", title, ...table(steps).map((line) => `  ${line}`), ...recursion.map((line) => `  ${line}`)];
}

function stackRow({ name, bytes, neededBytes }: Report["stacks"][number]): string[] {
  const part = Math.round((neededBytes / bytes) * 100);
  return [name, grouped(neededBytes), `of ${grouped(bytes)} bytes (${part} %)`];
}

const boundLines = ({ name, times, reason, cycle }: BoundReport): string[] => [
  `${name}, at most ${times} times at once: ${reason}`,
  `  ${cycle.join(" -> ")}`,
];

const allocationLines = ({ entry, lookedFor, reachableFunctions, chain }: Report["allocation"][number]): string[] => [
  chain === undefined
    ? `none: of the ${reachableFunctions} functions below ${entry} only page faults allocate, and only frames`
    : `${entry} leads to an allocation: ${chain.join(" -> ")}`,
  `looked for: ${lookedFor.join(", ")}`,
];

const moduleRow = ({ file, functions, bytes }: Report["modules"][number]): string[] => [
  grouped(bytes),
  grouped(functions),
  file,
];

const functionRows = ({ functions }: Report): string[][] =>
  functions.slice(0, SHOWN_FUNCTIONS).map(({ name, file, bytes }) => [grouped(bytes), name, file]);

const wordRow = ({ file, words }: WordUse): string[] => [
  file,
  Object.entries(words)
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .map(([word, times]) => (times === 1 ? word : `${word} x ${times}`))
    .join(", "),
];
