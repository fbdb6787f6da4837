/**
 * Faults on purpose: a child causes one, and the kernel ends the child alone.
 *
 *     tsh ── fork ── child ── the access ── #PF, #GP, #UD, #DE ── the kernel logs it ── the child ends
 *      └──────────── wait ──────────────────────────────────────────────────────────────────────┘
 *
 * What no TypeScript can say is machine code ("Intel 64 and IA-32 Architectures Software Developer's Manual, volume 2"),
 * which the child maps and calls.
 */
import { fork, signalName, waitFor } from "../lib/children";
import { Failure } from "../lib/failure";
import { table } from "../lib/format";
import { execute, loadMachineCode, map, PAGE_BYTES, peek, poke, Protection, unmap } from "../lib/memory";
import { print, printLine } from "../lib/terminal";
import { complain } from "./complain";

interface FaultKind {
  name: string;
  summary: string;
  cause: () => void;
}

/** Where static programs begin: the ELF header, in a segment that is not writable. */
const TEXT = 0x400000;

/** The lowest address of the kernel half. */
const KERNEL = -(2 ** 47);

const DIVIDE_BY_ZERO = [0x31, 0xc9, 0xf7, 0xf1]; // xor ecx, ecx; div ecx
const UD2 = [0x0f, 0x0b];
const CLI = [0xfa];
const RET = [0xc3];

const KINDS: FaultKind[] = [
  { name: "null", summary: "reads at address 0", cause: () => void peek(0) },
  { name: "write-text", summary: "writes to its own code", cause: () => poke(TEXT, 0) },
  { name: "execute-data", summary: "runs bytes that it has just written", cause: executeData },
  { name: "read-only", summary: "writes to a page that it may only read", cause: writeReadOnly },
  { name: "unmapped", summary: "reads behind what it has mapped and unmapped", cause: readUnmapped },
  { name: "stack-overflow", summary: "calls itself without end", cause: () => void recurse(1) },
  { name: "kernel", summary: "reads the kernel's half", cause: () => void peek(KERNEL) },
  { name: "divide", summary: "divides by zero", cause: () => runCode(DIVIDE_BY_ZERO) },
  { name: "invalid", summary: "runs an instruction that does not exist", cause: () => runCode(UD2) },
  { name: "privileged", summary: "turns interrupts off", cause: () => runCode(CLI) },
];

export function fault(args: string[]): number {
  const [name] = args;
  if (args.length > 1) return complain("usage: fault [KIND]");
  if (name === undefined) {
    print(table(KINDS.map((kind) => [kind.name, kind.summary])));
    return 0;
  }
  const kind = KINDS.find((candidate) => candidate.name === name);
  return kind === undefined ? complain(`fault: ${name}: no such kind; \`fault\` lists them`) : causeInChild(kind);
}

/** 0 when the fault was contained. */
function causeInChild({ name, summary, cause }: FaultKind): number {
  printLine(`a child ${summary}`);
  const child = fork(() => {
    cause();
    return 0;
  });
  if (child instanceof Failure) return complain(`fault: no child: ${child.message}`);
  const end = waitFor(child);
  if (end instanceof Failure) return complain(`fault: ${end.message}`);
  if (end.kind === "exited") return complain(`fault: ${name} did not end process ${child}`);
  printLine(`process ${child} was ended: ${signalName(end.signal)}`);
  printLine("tsh goes on.");
  return 0;
}

function runCode(code: number[]): void {
  const address = loadMachineCode(code);
  if (!(address instanceof Failure)) execute(address);
}

function executeData(): void {
  const address = map(PAGE_BYTES, Protection.read + Protection.write);
  if (address instanceof Failure) return;
  RET.forEach((byte, at) => poke(address + at, byte));
  execute(address);
}

function writeReadOnly(): void {
  const address = map(PAGE_BYTES, Protection.read);
  if (!(address instanceof Failure)) poke(address, 1);
}

function readUnmapped(): void {
  const address = map(PAGE_BYTES, Protection.read);
  if (address instanceof Failure) return;
  unmap(address, PAGE_BYTES);
  peek(address);
}

/** The sum keeps each call's frame in use. */
function recurse(depth: number): number {
  return recurse(depth + 1) + depth;
}
