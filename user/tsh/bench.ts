/**
 * What system calls and page faults cost, by the clock.
 *
 * Each row does its operation many times and divides. Under an emulator the figures say what the emulator costs, too.
 */
import { fork, waitFor } from "../lib/children";
import { Failure } from "../lib/failure";
import { table } from "../lib/format";
import { advise, Advice, map, PAGE_BYTES, poke, protect, Protection, unmap } from "../lib/memory";
import { processId } from "../lib/process";
import { print } from "../lib/terminal";
import { nanoseconds } from "../lib/time";
import { complain } from "./complain";

const PAGES = 512;
const CALLS = 2000;
const MAPPINGS = 500;
const CHILDREN = 20;

const READ_WRITE = Protection.read + Protection.write;

/** A row of the table: what was done, and how many nanoseconds each took. */
type Row = [operation: string, each: number];

export function bench(args: string[]): number {
  if (args.length > 0) return complain("usage: bench");
  const memory = map(PAGES * PAGE_BYTES, READ_WRITE);
  if (memory instanceof Failure) return complain(`bench: ${memory.message}`);
  const rows: Row[] = [
    timed("system call (getpid)", CALLS, () => repeat(CALLS, processId)),
    timed("write fault, zeroed page", PAGES, () => touchPages(memory)),
    timed("write without a fault", PAGES, () => touchPages(memory)),
    timed("mprotect to read-only, per page", PAGES, () => protect(memory, PAGES * PAGE_BYTES, Protection.read)),
    timed("mprotect to writable, per page", PAGES, () => protect(memory, PAGES * PAGE_BYTES, READ_WRITE)),
    timed("madvise dont-need, per page", PAGES, () => advise(memory, PAGES * PAGE_BYTES, Advice.dontNeed)),
    timed("write fault after dont-need", PAGES, () => touchPages(memory)),
    timed("munmap, per page", PAGES, () => unmap(memory, PAGES * PAGE_BYTES)),
    timed("mmap and munmap of a page", MAPPINGS, () => repeat(MAPPINGS, mapAndUnmap)),
    timed("fork, exit and wait", CHILDREN, () => repeat(CHILDREN, forkAndWait)),
  ];
  const lines = rows.map(([operation, each]) => [operation, `${Math.floor(each)} ns`]);
  print(table(lines, [1]));
  return 0;
}

function timed(operation: string, count: number, run: () => unknown): Row {
  const start = nanoseconds();
  run();
  return [operation, (nanoseconds() - start) / count];
}

function repeat(count: number, run: () => unknown): void {
  for (let round = 0; round < count; round += 1) run();
}

function touchPages(memory: number): void {
  for (let page = 0; page < PAGES; page += 1) poke(memory + page * PAGE_BYTES, 1);
}

function mapAndUnmap(): void {
  const address = map(PAGE_BYTES, READ_WRITE);
  if (!(address instanceof Failure)) unmap(address, PAGE_BYTES);
}

function forkAndWait(): void {
  const child = fork(() => 0);
  if (!(child instanceof Failure)) waitFor(child);
}
