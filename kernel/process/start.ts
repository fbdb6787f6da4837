/**
 * How programs start: the first one by the kernel, all others by fork and execve.
 */

import { setFsBase } from "../../arch/x86_64/systemCall";
import { initUserFrame, prepareStack } from "../../arch/x86_64/taskSwitch";
import { TrapFrame } from "../../arch/x86_64/trapFrame";
import { restoreVectors, saveVectors } from "../../arch/x86_64/vectors";
import { openStandardFiles } from "../files/descriptors";
import { cloneSpace, switchSpace } from "../mm/addressSpace";
import { useTerminal } from "../terminal/terminal";
import { Arguments } from "./arguments";
import { Executable, readExecutable } from "./elf";
import { releaseLender } from "./exit";
import { type Process, createProcess, freeProcess, releaseSpace } from "./process";
import { LoadedProgram, loadProgram } from "./program";
import { makeReady } from "./scheduler";

/** What the program about to start is given. Filled by who starts it. */
export const given = new Arguments();

const executable = new Executable();
const program = new LoadedProgram();
const frame = new TrapFrame();

/** What a second process gets that is its own from the start. */
export class CloneRequest {
  /** It has no memory of its own, but its parent's. */
  sharesMemory: bool;
  /** Its stack pointer; 0: as its parent's. */
  stackPointer: u64;
  /** Where its FS points. */
  fsBase: u64;
}

/** Starts the first program with `given`. Null: it starts; else why not. */
export function startFirstProgram(path: string, file: Slice<u8>): string | null {
  const problem = readExecutable(file, executable);
  if (problem !== null) return problem;
  const process = createProcess(null);
  if (process === null) return "there is no memory for a process";
  if (!loadProgram(file, executable, given, program)) {
    freeProcess(process);
    return "there is no memory for it";
  }
  adopt(process, path);
  if (!openStandardFiles(process.descriptors)) {
    giveUp(process);
    return "there is no memory for its files";
  }
  process.group = process.pid;
  process.session = process.pid;
  useTerminal(process);
  initUserFrame(frame, program.entry, program.stackPointer);
  prepareStack(process.stack, process.stackTop(), frame);
  makeReady(process);
  return null;
}

/** What became of an attempt to start another program in a process. */
export enum StartResult {
  Started,
  NotExecutable,
  /** It wants a dynamic linker. */
  NoInterpreter,
  OutOfMemory,
}

/** Puts this program into the process that runs, in place of what it was; `at` is where it goes on then. */
export function replaceProgram(process: Process, path: string, file: Slice<u8>, at: TrapFrame): StartResult {
  if (readExecutable(file, executable) !== null) {
    return executable.wantsInterpreter ? StartResult.NoInterpreter : StartResult.NotExecutable;
  }
  if (!loadProgram(file, executable, given, program)) return StartResult.OutOfMemory;
  releaseLender(process);
  const old = process.memory();
  adopt(process, path);
  switchSpace(process.memory());
  releaseSpace(old);
  process.descriptors.closeOnExecute();
  process.signals.forgetHandlers();
  process.vectors.init();
  restoreVectors(process.vectors);
  setFsBase(process.fsBase);
  initUserFrame(at, program.entry, program.stackPointer);
  return StartResult.Started;
}

/** A second process like this one, which goes on where it does, with 0 for an answer. Null: out of memory. */
export function forkProcess(parent: Process, at: TrapFrame, request: CloneRequest): Process | null {
  const child = createProcess(parent);
  if (child === null) return null;
  child.space = request.sharesMemory ? parent.memory() : cloneSpace(parent.memory());
  if (child.space === null) {
    freeProcess(child);
    return null;
  }
  child.group = parent.group;
  child.session = parent.session;
  child.signals.inherit(parent.signals);
  child.descriptors.inherit(parent.descriptors);
  copyStruct(child.folder, parent.folder);
  saveVectors(child.vectors);
  child.fsBase = request.fsBase;
  child.fileMask = parent.fileMask;
  copyStruct(child.name, parent.name);
  child.heapStart = parent.heapStart;
  child.heapEnd = parent.heapEnd;
  copyStruct(frame, at);
  frame.rax = 0n;
  if (request.stackPointer !== 0n) frame.rsp = request.stackPointer;
  prepareStack(child.stack, child.stackTop(), frame);
  makeReady(child);
  return child;
}

function giveUp(process: Process): void {
  const space = process.memory();
  process.space = null;
  releaseSpace(space);
  freeProcess(process);
}

function adopt(process: Process, path: string): void {
  process.name.init(path, given);
  process.space = program.space;
  process.heapStart = program.heapStart;
  process.heapEnd = program.heapStart;
  process.fsBase = 0n;
}
