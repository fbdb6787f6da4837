// The translation lookaside buffer: what the processor remembers of page tables, right or wrong. Nothing leaves it
// but by invlpg, a write to CR3 (which spares global translations) or a change of CR4.PGE: a translation whose table
// has changed meanwhile is stale, and goes on being used. The real one may forget earlier; this one never does, so
// tests see every missing flush.
//
// Intel SDM Vol. 3A, "Caching Translation Information".

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

export class Tlb {
  private readonly entries = new Map<number, Translation>();
  /** How often the processor had to walk the tables. */
  misses = 0;

  /** The translation that covers an address. */
  find(pointer: number): Translation | undefined {
    for (const size of SIZES) {
      const entry = this.entries.get(Math.floor(pointer / size) * size);
      if (entry !== undefined && pointer < entry.page + entry.size) return entry;
    }
    return undefined;
  }

  insert(entry: Translation): void {
    this.entries.set(entry.page, entry);
  }

  /** invlpg: forgets what covers the address, global or not. */
  invalidate(pointer: number): void {
    for (let entry = this.find(pointer); entry !== undefined; entry = this.find(pointer))
      this.entries.delete(entry.page);
  }

  /** A write to CR3. */
  invalidateNonGlobal(): void {
    for (const entry of this.entries.values()) if (!entry.global) this.entries.delete(entry.page);
  }

  clear(): void {
    this.entries.clear();
  }

  /** Everything it remembers. */
  all(): Translation[] {
    return [...this.entries.values()];
  }

  /** Whether it remembers a translation of this address. */
  holds(address: bigint): boolean {
    return this.find(Number(BigInt.asIntN(64, address))) !== undefined;
  }

  get size(): number {
    return this.entries.size;
  }
}

export const pageOf = (entry: Translation): bigint => toAddress(entry.page);
