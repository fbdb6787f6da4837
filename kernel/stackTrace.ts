/**
 * Who called whom: the chain of stack frames, as TypeScript functions.
 *
 *     high  | return address      |
 *           | saved RBP           | <- frame of the caller        every function starts with push rbp; mov rbp, rsp
 *           |   ...               |
 *           | return address      |    points behind the call
 *           | saved RBP           | <- frame = RBP
 *     low
 *
 * The chain may be damaged, that may be why it is read: a frame counts only when it lies in a known stack, aligned, and
 * above the frame before it (or in another stack: an exception may have changed it). So nothing here can fault.
 *
 * System V ABI AMD64, "The Stack Frame".
 */
import { Stack, stackHolding, stackTop, stackWord } from "../arch/x86_64/stacks";
import { print, printLine, setStyle } from "./console/console";
import { Style } from "./console/style";
import { hasSymbols, locate, locateCaller, Location, ReturnPlace, returnPlaceAt } from "./symbolTable";

/** Lines of one trace; a recursion takes one. */
const MAX_LINES: u32 = 24;
/** Frames that are looked at: more than the stacks can hold. */
const MAX_FRAMES: u32 = 4096;
/** Saved RBP and return address. */
const FRAME_SIZE: u64 = 16n;
const FRAME_ALIGNMENT: u64 = 8n;
/** How often an exception may have moved to another stack. */
const MAX_STACK_CHANGES: u32 = 4;

/** Where the walk up the stack is. */
class Walk {
  frame: u64;
  stack: Stack;
  stackChanges: u32;
}

/** Prints where execution was, then its callers: of a program interrupted with these in RIP, RSP and RBP. */
export function printStackTrace(instruction: u64, stack: u64, frame: u64): void {
  printPlace(instruction, instruction);
  printFramelessCaller(instruction, stack);
  printCallers(frame);
}

/** Until a function has made its frame, its caller is not in the chain yet, and the return address near RSP. */
function printFramelessCaller(instruction: u64, stack: u64): void {
  const place = returnPlaceAt(instruction);
  if (place === ReturnPlace.InFrame) return;
  const at = place === ReturnPlace.OnTop ? stack : stack + 8n;
  if (at % 8n !== 0n || stackHolding(at) === null) return;
  const returnAddress = stackWord(at);
  const location = new Location();
  if (locate(returnAddress - 1n, location)) printPlace(returnAddress, returnAddress - 1n);
}

/** Prints the callers of the function whose RBP is `frame`. */
export function printCallers(frame: u64): void {
  const walk = new Walk();
  if (!enter(walk, frame)) return;
  let last: u64 = 0n;
  let repeats: u32 = 0;
  let lines: u32 = 0;
  for (let count: u32 = 0; count < MAX_FRAMES; count += 1) {
    const returnAddress = stackWord(walk.frame + 8n);
    if (returnAddress === 0n) break;
    if (returnAddress === last) {
      repeats += 1;
    } else {
      printRepeats(repeats);
      repeats = 0;
      if (lines === MAX_LINES) {
        printLine("    ...");
        return;
      }
      printPlace(returnAddress, returnAddress - 1n);
      lines += 1;
    }
    last = returnAddress;
    if (!enter(walk, stackWord(walk.frame))) break;
  }
  printRepeats(repeats);
}

/**
 * Prints an address as function, file and line, with the functions it was inlined into. `looked` is the address to look
 * up: for a return address one that lies within the call, not behind it.
 */
export function printPlace(address: u64, looked: u64): void {
  const location = new Location();
  print("    at ");
  if (locate(looked, location)) {
    printLocation(location);
    printInliners(location);
  } else {
    print(hasSymbols() ? "code that is not the kernel's" : "(no symbol table in this image)");
  }
  setStyle(Style.Dim);
  printLine(`  ${hex(address, 16)}`);
  setStyle(Style.Plain);
}

/**
 * Ends the line of an inlined function, and starts that of the function it became part of, until the outermost one. A
 * recursion that was inlined into itself at the same place takes one line.
 */
function printInliners(location: Location): void {
  let line = location.line;
  let name = addressOf(location.name);
  while (locateCaller(location)) {
    if (location.line === line && addressOf(location.name) === name) continue;
    line = location.line;
    name = addressOf(location.name);
    setStyle(Style.Dim);
    printLine("  inlined");
    setStyle(Style.Plain);
    print("    at ");
    printLocation(location);
  }
}

function printLocation(location: Location): void {
  setStyle(Style.Accent);
  print(location.name);
  setStyle(Style.Plain);
  if (location.line !== 0) print(` (${location.file}:${location.line})`);
}

function printRepeats(repeats: u32): void {
  if (repeats === 1) printLine("    ... and once more");
  if (repeats > 1) printLine(`    ... and ${repeats} times more`);
}

/** Goes on to a frame. False when it cannot be one. */
function enter(walk: Walk, frame: u64): bool {
  if (frame % FRAME_ALIGNMENT !== 0n) return false;
  const stack = stackHolding(frame);
  if (stack === null || stackTop(stack) - frame < FRAME_SIZE) return false;
  if (walk.frame !== 0n && stack === walk.stack && frame <= walk.frame) return false;
  if (walk.frame !== 0n && stack !== walk.stack) walk.stackChanges += 1;
  if (walk.stackChanges > MAX_STACK_CHANGES) return false;
  walk.frame = frame;
  walk.stack = stack;
  return true;
}
