/**
 * counts.txt: what each operation and each boot cost when that was last accepted, in instructions, one figure a line.
 * A test compares it with what they cost now.
 *
 * Counts are the same in every run of one kernel; but two releases of gcc make slightly different code of the same C.
 * That is what the tolerance is for, and all it is for.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

export type Counts = ReadonlyMap<string, number>;

export const TOLERANCE = 0.02;

const FILE = join(import.meta.dirname, "counts.txt");

const HEAD = `# Instructions, as accepted by \`make bench-accept\`. counts.ts says what they are compared for.
`;

export const readCounts = (): Counts => parseCounts(readFileSync(FILE, "utf8"));

export const writeCounts = (counts: Counts): void => writeFileSync(FILE, formatCounts(counts));

export function formatCounts(counts: Counts): string {
  const lines = [...counts].map(([name, count]) => `${name.padEnd(40)}${count.toFixed(3).padStart(14)}\n`);
  return HEAD + lines.join("");
}

export function parseCounts(text: string): Counts {
  const lines = text.split("\n").filter((line) => line !== "" && !line.startsWith("#"));
  return new Map(
    lines.map((line) => {
      const match = /^(\S+) +(\d+\.\d+)$/.exec(line);
      if (match === null) throw new Error(`counts.txt: no name and figure: ${line}`);
      return [match[1] ?? "", Number(match[2])];
    }),
  );
}

/** What grew, is new or is gone: a sentence for each, none when all is well. */
export function regressions(accepted: Counts, measured: Counts): string[] {
  const gone = [...accepted.keys()].filter((name) => !measured.has(name));
  const complaints = [...measured].map(([name, count]) => {
    const before = accepted.get(name);
    if (before === undefined) return `${name} is new: ${count.toFixed(3)}`;
    return count > before * (1 + TOLERANCE) ? `${name} grew from ${before.toFixed(3)} to ${count.toFixed(3)}` : "";
  });
  return [...complaints.filter((complaint) => complaint !== ""), ...gone.map((name) => `${name} is measured no more`)];
}

/** What fell by so much that the file should say so. */
export function improvements(accepted: Counts, measured: Counts): string[] {
  return [...measured]
    .filter(([name, count]) => count < (accepted.get(name) ?? 0) * (1 - TOLERANCE))
    .map(([name, count]) => `${name} fell from ${accepted.get(name)?.toFixed(3)} to ${count.toFixed(3)}`);
}
