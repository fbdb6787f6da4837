/**
 * From a booted kernel to programs: finds the root, starts the first program, and runs until none is left.
 */

import { initVectors } from "../../arch/x86_64/vectors";
import { type BootInfo } from "../../boot/bootInfo";
import { options } from "../commandLine";
import { useArchive } from "../files/archive";
import { Node, NodeKind } from "../files/node";
import { resolvePath } from "../files/paths";
import { openFileCount } from "../files/openFile";
import { event } from "../log";
import { freeFrameCount } from "../mm/frameAllocator";
import { HeapCounters, countHeap } from "../mm/heap";
import { freeSlotCount, startMemorySwap } from "../mm/swap";
import { startInput } from "../terminal/input";
import { kernelStackCount } from "./kernelStacks";
import { runProcesses } from "./scheduler";
import { given, startFirstProgram } from "./start";
import { startTimer } from "./timer";

const SLOTS_PER_MEBIBYTE: u32 = 256;

const found = new Node();

/** Runs the first program of the root, and all that it starts. Returns at once when no module is a root. */
export function runPrograms(info: BootInfo): void {
  if (!findRoot(info)) return;
  if (resolvePath("", options.init, true, found) !== null || found.kind !== NodeKind.File) {
    log.error(`the root has no file "${options.init}"`);
    return;
  }
  initVectors();
  startTimer();
  startInput();
  startSwapping();
  sayFrames("programs");
  given.clear();
  if (!given.addArgument(options.init)) panic("the name of the first program fits");
  const problem = startFirstProgram(options.init, found.content);
  if (problem !== null) {
    log.error(`${options.init} cannot be started: ${problem}`);
    return;
  }
  log.info(`${options.init} is process 1`);
  runProcesses();
  log.info("no process is left");
  sayFrames("programs-ended");
}

/** As much memory for swap as the command line says. */
function startSwapping(): void {
  const slots = options.swap * SLOTS_PER_MEBIBYTE;
  if (slots === 0) return;
  if (startMemorySwap(slots)) log.info(`${options.swap} MiB of memory are for swap`);
  else log.error(`there are no ${options.swap} MiB of memory in a row for swap`);
}

/**
 * What programs must leave as it was: frames that are free or the heap's, its objects, stacks, open files, and slots of
 * swap.
 */
function sayFrames(name: string): void {
  const heap = new HeapCounters();
  countHeap(heap);
  const frames = freeFrameCount() + heap.slabs + heap.largeFrames;
  const stacks = kernelStackCount();
  const files = openFileCount();
  event(`${name} frames=${frames} objects=${heap.objects} stacks=${stacks} files=${files} slots=${freeSlotCount()}`);
}

function findRoot(info: BootInfo): bool {
  for (let i: u32 = 0; i < info.moduleCount; i += 1) {
    if (useArchive(info.modules[i])) return true;
  }
  return false;
}
