/**
 * The program's own memory: regions and their pages, and how the processor translates an address.
 */
import { Call } from "./callNumbers";
import { checked, Failure } from "./failure";
import { readFile } from "./files";
import { hex } from "./format";
import { exchange, EXCHANGE_BYTES, execute, peek, poke, systemCall } from "./machine";

export { execute, peek, poke };

export const PAGE_BYTES = 4096;

/** What may be done with pages; add them up. */
export enum Protection {
  none = 0,
  read = 1,
  write = 2,
  execute = 4,
}

export enum Advice {
  willNeed = 3,
  /** The contents may go; the pages are zero when they are touched again. */
  dontNeed = 4,
}

const MAP_PRIVATE = 0x2;
const MAP_ANONYMOUS = 0x20;

/** Maps zeroed memory. Its address. No frame is taken before a page is touched. */
export function map(sizeBytes: number, protection: number): number | Failure {
  return checked(systemCall(Call.mmap, 0, sizeBytes, protection, MAP_PRIVATE + MAP_ANONYMOUS, -1, 0));
}

export function unmap(address: number, sizeBytes: number): number | Failure {
  return checked(systemCall(Call.munmap, address, sizeBytes));
}

export function protect(address: number, sizeBytes: number, protection: number): number | Failure {
  return checked(systemCall(Call.mprotect, address, sizeBytes, protection));
}

export function advise(address: number, sizeBytes: number, advice: Advice): number | Failure {
  return checked(systemCall(Call.madvise, address, sizeBytes, advice));
}

/** How many pages of a stretch have a frame. At most as many pages as the exchange has bytes. */
export function residentPages(address: number, sizeBytes: number): number | Failure {
  const pages = Math.min(Math.ceil(sizeBytes / PAGE_BYTES), EXCHANGE_BYTES);
  const answer = checked(systemCall(Call.mincore, address, pages * PAGE_BYTES, exchange()));
  if (answer instanceof Failure) return answer;
  let resident = 0;
  for (let page = 0; page < pages; page += 1) resident += peek(exchange() + page) & 1;
  return resident;
}

/** The walk of the page tables for an address, a line for each level. `process` is "self" or a process identifier. */
export function pageWalk(address: number, process = "self"): string | Failure {
  return readFile(`/proc/${process}/walk/${hex(address).slice(2)}`);
}

/** Copies machine code to a page of its own, which is executable and then no longer writable. Where it begins. */
export function loadMachineCode(code: number[]): number | Failure {
  const address = map(PAGE_BYTES, Protection.read + Protection.write);
  if (address instanceof Failure) return address;
  code.forEach((byte, at) => poke(address + at, byte));
  const answer = protect(address, PAGE_BYTES, Protection.read + Protection.execute);
  return answer instanceof Failure ? answer : address;
}
