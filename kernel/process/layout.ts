/**
 * Where the parts of a program lie: nowhere that somebody could know before, unless the command line says `norandmaps`.
 *
 *     0x00007ffffffff000  +-----------------+
 *                         |  0 .. 16 GiB    |
 *                         |  stack          |  8 MiB at most; 0 .. 8 KiB at its end stay unused
 *                         |  0 .. 1 TiB     |
 *                         |  mappings       |  from here downwards
 *                         |                 |
 *                         |  0 .. 32 MiB    |
 *                         |  heap           |  behind the program
 *                         |  program        |  where its file says, or if it may lie anywhere:
 *     0x0000555555554000  |  0 .. 1 TiB     |
 *                         +-----------------+
 *
 * Linux has as much chance in each of these.
 */

import { PAGE_SIZE, type Page, pageAt } from "../../arch/x86_64/addresses";
import { options } from "../commandLine";
import { STACK_GUARD_PAGES, endUserPage } from "../mm/regionTree";
import { randomWord } from "../random";
import { type Executable } from "./elf";

/** Pages that a stack may have at most. */
export const STACK_PAGES: u64 = 2048n;

const STACK_CHANCE_PAGES: u64 = 1n << 22n;
const PLACE_CHANCE_PAGES: u64 = 1n << 28n;
const BASE_CHANCE_PAGES: u64 = 1n << 28n;
const HEAP_CHANCE_PAGES: u64 = 1n << 13n;
const STACK_POINTER_CHANCE: u64 = 512n;
const STACK_ALIGNMENT: u64 = 16n;

/** Where an executable lies that may lie anywhere, at the lowest. */
const RELOCATABLE_BASE: u64 = 0x5555_5555_4000n;

/** Of one program. */
export class Layout {
  /** The page behind the stack. */
  stackEnd: Page;
  /** Bytes at the end of the stack that stay unused. */
  stackGap: u64;
  /** The page that mappings are placed below, as long as there is room. */
  placeEnd: Page;
  /** What is added to all addresses of the file. */
  base: u64;
  /** Pages between the program and its heap. */
  heapGap: u64;

  /** Chooses all of it. */
  choose(executable: Executable): void {
    this.stackEnd = pageAt(endUserPage() - chance(STACK_CHANCE_PAGES));
    this.stackGap = chance(STACK_POINTER_CHANCE) * STACK_ALIGNMENT;
    this.placeEnd = pageAt(this.stackEnd - STACK_PAGES - STACK_GUARD_PAGES - chance(PLACE_CHANCE_PAGES));
    this.base = executable.isRelocatable ? RELOCATABLE_BASE + chance(BASE_CHANCE_PAGES) * PAGE_SIZE : 0n;
    this.heapGap = chance(HEAP_CHANCE_PAGES);
  }
}

/** A random number below this one, a power of two; or 0. */
function chance(limit: u64): u64 {
  return options.randomMaps ? randomWord() & (limit - 1n) : 0n;
}
