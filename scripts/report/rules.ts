/**
 * What the report knows about this kernel, and the rules it holds it to.
 *
 *   - below a trap entry the stack has a finite depth, and the smallest trap stack has room for two of them
 *   - the kernel stack, and that of each process, has room for the deepest other entry and the same two traps on top
 *   - nothing that a trap leads to allocates from the heap, and frames only by the path of page faults
 */
import type { FunctionInfo, ProgramIR } from "../../compiler/src/ir";
import type { Bound } from "./stackDepth";

/** Entries that the CPU's exceptions lead to. */
export const TRAP_ENTRIES: readonly string[] = ["trap_dispatch"];

/**
 * What lies on the stack before trap_dispatch's own frame: the CPU aligns RSP (at most 15 bytes), TrapFrame (176)
 * and the two words that link the stack frames (arch/x86_64/trapEntry.asm draws it).
 */
export const TRAP_ENTRY_BYTES = 15 + 176 + 16;

/** A trap, and one more while it is handled: that one is fatal and prints a single line (kernel/panic.ts). */
export const NESTED_TRAPS = 2;

/**
 * Inline assembly may push up to two words (lretq in loadSegments), in the innermost function: gcc does not count them.
 */
export const INLINE_ASSEMBLY_BYTES = 16;

/** Recursion that ends by what the program remembers, which no call graph shows. */
export const BOUNDS: readonly Bound[] = [
  {
    symbol: "ts_panic",
    times: 3,
    reason: "a panic reports, a panic within says so in one line, a third stops (kernel/panic.ts)",
  },
];

const isAllocationOf =
  (files: (file: string) => boolean) =>
  ({ name, place }: FunctionInfo): boolean =>
    files(place.file) && /(?:^|\.)allocate/.test(name);

const isHeap = (file: string): boolean => /^kernel\/mm\/(?:heap|slabs)\.ts$/.test(file);

/** Whether it hands out memory of the heap: functions there whose names begin with `allocate`, methods included. */
export const isHeapAllocation = isAllocationOf(isHeap);

/** Whether it hands out frames: the functions so named in the rest of kernel/mm. */
export const isFrameAllocation = isAllocationOf((file) => file.startsWith("kernel/mm/") && !isHeap(file));

/** Whether it may take frames in a trap: a page fault gives a program its page. */
export const isFaultPath = ({ place }: FunctionInfo): boolean => place.file === "kernel/mm/faults.ts";

export interface Stack {
  readonly name: string;
  readonly bytes: number;
}

/** The stack of a process: kernel/process/kernelStacks.ts maps so many pages of 4096 bytes. */
export function processStack(kernelStacks: string): Stack {
  const pages = /^const STACK_PAGES: u64 = (\d+)n;$/m.exec(kernelStacks)?.[1];
  if (pages === undefined) throw new Error("kernel/process/kernelStacks.ts no longer says how large a stack is");
  return { name: "stack of a process", bytes: Number(pages) * 4096 };
}

/** The stacks: static storage of arch/x86_64/stacks.ts that has a guard page and a stack. */
export function stacksOf(program: ProgramIR): { kernel: Stack; traps: Stack[] } {
  const stacks = program.globals.flatMap(({ symbol, type, place }) => {
    if (place.file !== "arch/x86_64/stacks.ts" || type.kind !== "struct") return [];
    const stack = type.info.fields.find((field) => field.name === "stack")?.storage.type;
    return stack?.kind === "array" ? [{ name: symbol.replace(/^.*__/, ""), bytes: stack.length }] : [];
  });
  const kernel = stacks.find(({ name }) => name === "kernel_stack");
  const traps = stacks.filter((stack) => stack !== kernel);
  if (kernel === undefined || traps.length === 0) throw new Error("arch/x86_64/stacks.ts has no stacks to check");
  return { kernel, traps };
}
