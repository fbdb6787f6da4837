/**
 * How programs start: the first one by the kernel, all others by fork and execve.
 */

import { setFsBase } from "../../arch/x86_64/systemCall";
import { initUserFrame, prepareStack } from "../../arch/x86_64/taskSwitch";
import { TrapFrame } from "../../arch/x86_64/trapFrame";
import { restoreVectors, saveVectors } from "../../arch/x86_64/vectors";
import { cloneSpace, destroySpace, switchSpace } from "../mm/addressSpace";
import { Arguments } from "./arguments";
import { Executable, readExecutable } from "./elf";
import { releaseLender } from "./exit";
import { type Process, createProcess, freeProcess } from "./process";
import { LoadedProgram, loadProgram } from "./program";
import { makeReady } from "./scheduler";

/** What the program about to start is given. Filled by who starts it. */
export const given = new Arguments();

const executable = new Executable();
const program = new LoadedProgram();
const frame = new TrapFrame();

/** Starts the first program with `given`. Null: it starts; else why not. */
export function startFirstProgram(file: Slice<u8>): string | null {
  const problem = readExecutable(file, executable);
  if (problem !== null) return problem;
  const process = createProcess(null);
  if (process === null) return "there is no memory for a process";
  if (!loadProgram(file, executable, given, program)) {
    freeProcess(process);
    return "there is no memory for it";
  }
  adopt(process);
  initUserFrame(frame, program.entry, program.stackPointer);
  prepareStack(process.stack, process.stackTop(), frame);
  makeReady(process);
  return null;
}

/** What became of an attempt to start another program in a process. */
export enum StartResult {
  Started,
  NotExecutable,
  OutOfMemory,
}

/** Puts this program into the process that runs, in place of what it was; `at` is where it goes on then. */
export function replaceProgram(process: Process, file: Slice<u8>, at: TrapFrame): StartResult {
  if (readExecutable(file, executable) !== null) return StartResult.NotExecutable;
  if (!loadProgram(file, executable, given, program)) return StartResult.OutOfMemory;
  const old = process.memory();
  adopt(process);
  switchSpace(process.memory());
  destroySpace(old);
  process.vectors.init();
  restoreVectors(process.vectors);
  setFsBase(process.fsBase);
  const parent = process.parent;
  if (parent !== null) releaseLender(process, parent);
  initUserFrame(at, program.entry, program.stackPointer);
  return StartResult.Started;
}

/** A second process like this one, which goes on where it does, with 0 for an answer. Null: out of memory. */
export function forkProcess(parent: Process, at: TrapFrame): Process | null {
  const child = createProcess(parent);
  if (child === null) return null;
  child.space = cloneSpace(parent.memory());
  if (child.space === null) {
    freeProcess(child);
    return null;
  }
  saveVectors(child.vectors);
  child.fsBase = parent.fsBase;
  child.heapStart = parent.heapStart;
  child.heapEnd = parent.heapEnd;
  copyStruct(frame, at);
  frame.rax = 0n;
  prepareStack(child.stack, child.stackTop(), frame);
  makeReady(child);
  return child;
}

function adopt(process: Process): void {
  process.space = program.space;
  process.heapStart = program.heapStart;
  process.heapEnd = program.heapStart;
  process.fsBase = 0n;
}
