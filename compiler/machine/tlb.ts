// The translation lookaside buffer: what the processor remembers of page tables, right or wrong. Nothing leaves it
// but by INVLPG, INVPCID, a write to CR3 or to CR4: a translation whose table has changed meanwhile is stale, and goes
// on being used. The real one may forget earlier; this one never does, so tests see every missing flush.
//
//     translations    by process context and page; global ones by page alone
//     links           entries that lead to tables, by process context, level and what they cover
//
// Without CR4.PCIDE everything belongs to context 0.
//
// Intel SDM Vol. 3A, "Caching Translation Information", "Process-Context Identifiers".

import { toAddress } from "./layout";

/** One remembered translation. */
export interface Translation {
  /** First address of the page, as a pointer. */
  readonly page: number;
  /** Bytes that it covers: 4 KiB, 2 MiB or 1 GiB. */
  readonly size: number;
  /** Physical address of the first byte. */
  readonly physical: number;
  readonly writable: boolean;
  readonly user: boolean;
  readonly executable: boolean;
  readonly global: boolean;
  /** The entry says so already, so a write need not. */
  readonly dirty: boolean;
}

const SIZES = [0x1000, 0x20_0000, 0x4000_0000];

/** Translations of one context by the first address of their pages. */
type Translations = Map<number, Translation>;
/** What entries that lead to tables held, by level and by what they cover. */
type Links = Map<string, bigint>;

export class Tlb {
  private readonly global: Translations = new Map<number, Translation>();
  private readonly local = new Map<number, Translations>();
  private readonly links = new Map<number, Links>();
  /** The process context in use: bits 11..0 of CR3 under CR4.PCIDE, else 0. */
  context = 0;
  /** How often the processor had to walk the tables. */
  misses = 0;

  /** The translation that covers an address for the context in use. */
  find(pointer: number): Translation | undefined {
    return findIn(this.translations(this.context), pointer) ?? findIn(this.global, pointer);
  }

  insert(entry: Translation): void {
    (entry.global ? this.global : this.translations(this.context)).set(entry.page, entry);
  }

  /** What an entry of a table of `level` held that leads on, by the index of all that it covers. */
  link(level: number, covered: number): bigint | undefined {
    return this.links.get(this.context)?.get(`${level}:${covered}`);
  }

  insertLink(level: number, covered: number, value: bigint): void {
    const links = this.links.get(this.context) ?? new Map<string, bigint>();
    this.links.set(this.context, links.set(`${level}:${covered}`, value));
  }

  /** INVLPG: forgets what covers the address, for the context in use and globally, and all of that context's links. */
  invalidate(pointer: number): void {
    removeFrom(this.global, pointer);
    this.invalidateIn(this.context, pointer);
  }

  /** INVPCID for one address: the same for any context, but for global translations. */
  invalidateIn(context: number, pointer: number): void {
    removeFrom(this.translations(context), pointer);
    this.links.delete(context);
  }

  /** A write to CR3: everything of the context but global translations. */
  invalidateContext(context: number): void {
    this.local.delete(context);
    this.links.delete(context);
  }

  /** Everything of all contexts but global translations. */
  invalidateNonGlobal(): void {
    this.local.clear();
    this.links.clear();
  }

  clear(): void {
    this.invalidateNonGlobal();
    this.global.clear();
  }

  /** Everything it remembers for the context in use. */
  all(): Translation[] {
    return [...this.translations(this.context).values(), ...this.global.values()];
  }

  /** Whether it remembers a translation of this address, for the context in use. */
  holds(address: bigint): boolean {
    return this.find(Number(BigInt.asIntN(64, address))) !== undefined;
  }

  /** Translations of all contexts. */
  get size(): number {
    return [...this.local.values()].reduce((sum, translations) => sum + translations.size, this.global.size);
  }

  private translations(context: number): Translations {
    const known = this.local.get(context) ?? new Map<number, Translation>();
    this.local.set(context, known);
    return known;
  }
}

function findIn(translations: Translations, pointer: number): Translation | undefined {
  for (const size of SIZES) {
    const entry = translations.get(Math.floor(pointer / size) * size);
    if (entry !== undefined && pointer < entry.page + entry.size) return entry;
  }
  return undefined;
}

function removeFrom(translations: Translations, pointer: number): void {
  for (let entry = findIn(translations, pointer); entry !== undefined; entry = findIn(translations, pointer))
    translations.delete(entry.page);
}

export const pageOf = (entry: Translation): bigint => toAddress(entry.page);
