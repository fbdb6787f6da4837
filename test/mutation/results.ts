/**
 * Who noticed which mutant, kept in a file while the run goes on: so that one that was stopped can be taken up again,
 * and so that the next one asks those first who noticed the last time.
 *
 *     { "sources": hash, "found": { "kernel/mm/faults.ts fill countLive(link.frame(), 1); 0": "spaceCases", ... },
 *       "earlier": the same of runs before }
 *
 * A mutant is known by its place in words, not by its number, which moves when sources change. Null: nobody noticed.
 */
import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { type Site } from "./sites";

type Found = Record<string, string | null>;

interface Kept {
  readonly sources: string;
  readonly found: Found;
  readonly earlier: Found;
}

export class Results {
  private readonly kept: Kept;

  /** What was found before counts when the run is resumed and the sources, told by a hash, are the same. */
  constructor(
    private readonly path: string,
    sources: string,
    isResumed: boolean,
  ) {
    const nothing: Kept = { sources, found: {}, earlier: {} };
    const before = existsSync(path) ? (JSON.parse(readFileSync(path, "utf8")) as Kept) : nothing;
    const isSame = isResumed && before.sources === sources;
    this.kept = isSame ? before : { ...nothing, earlier: { ...before.earlier, ...before.found } };
  }

  /** Who noticed it in this run. Undefined: nobody yet; who was asked in vain is asked again, tests may have come. */
  noticed(key: string): string | undefined {
    return this.kept.found[key] ?? undefined;
  }

  /** Who noticed it the last time, in this run or before. */
  last(key: string): string | undefined {
    return this.kept.found[key] ?? this.kept.earlier[key] ?? undefined;
  }

  note(key: string, noticedBy: string | undefined): void {
    this.kept.found[key] = noticedBy ?? null;
    writeFileSync(`${this.path}.new`, JSON.stringify(this.kept, null, 1));
    renameSync(`${this.path}.new`, this.path);
  }
}

/** Names of sites that stay the same while the sources around them change. */
export function keysOf(sites: readonly Site[]): string[] {
  const seen = new Map<string, number>();
  return sites.map(({ path, within, text }) => {
    const place = `${path} ${within} ${text}`;
    const count = seen.get(place) ?? 0;
    seen.set(place, count + 1);
    return `${place} ${count}`;
  });
}
