/**
 * What tsh itself can do, a row for each command.
 */
import { Failure } from "../lib/failure";
import { listDirectory, readFile } from "../lib/files";
import { table } from "../lib/format";
import { print, printLine } from "../lib/terminal";
import { bench } from "./bench";
import { complain } from "./complain";
import { fault } from "./faults";
import { dmesg, maps, mem, ps, translate, uptime } from "./inspect";
import { powerOff, restart } from "./power";
import { runProgram } from "./programs";

export interface Command {
  name: string;
  /** What may stand behind the name. */
  parameters: string;
  summary: string;
  /** Does it. The status: 0 when all went well. */
  run: (args: string[]) => number;
}

const COMMANDS: Command[] = [
  { name: "help", parameters: "", summary: "this list", run: help },
  { name: "ls", parameters: "[DIRECTORY]", summary: "what a directory has", run: ls },
  { name: "cat", parameters: "FILE...", summary: "what files say", run: cat },
  { name: "run", parameters: "PROGRAM [WORD...]", summary: "runs a program; its name alone does too", run },
  { name: "ps", parameters: "", summary: "processes", run: ps },
  { name: "mem", parameters: "", summary: "memory, and who has it", run: mem },
  { name: "maps", parameters: "[PID]", summary: "the regions of an address space; tsh's own", run: maps },
  { name: "translate", parameters: "ADDRESS [PID]", summary: "walks the page tables", run: translate },
  { name: "fault", parameters: "[KIND]", summary: "has a child cause a fault; without KIND, lists them", run: fault },
  { name: "bench", parameters: "", summary: "what system calls and faults cost", run: bench },
  { name: "dmesg", parameters: "", summary: "the kernel's log", run: dmesg },
  { name: "uptime", parameters: "", summary: "how long the kernel has been running", run: uptime },
  { name: "echo", parameters: "[WORD...]", summary: "says the words", run: echo },
  { name: "clear", parameters: "", summary: "empties the screen", run: clear },
  { name: "reboot", parameters: "", summary: "starts the machine again", run: restart },
  { name: "poweroff", parameters: "", summary: "turns the machine off", run: powerOff },
  { name: "exit", parameters: "", summary: "leaves tsh, as ^D does", run: () => 0 },
];

export function findCommand(name: string): Command | null {
  return COMMANDS.find((command) => command.name === name) ?? null;
}

function help(): number {
  print(table(COMMANDS.map(({ name, parameters, summary }) => [`${name} ${parameters}`, summary])));
  const programs = listDirectory("/bin");
  if (programs instanceof Failure) return 0;
  printLine(`\nPrograms: ${programs.map(({ name }) => name).join(" ")}`);
  return 0;
}

function ls(args: string[]): number {
  const [directory = "/"] = args;
  if (args.length > 1) return complain("usage: ls [DIRECTORY]");
  const entries = listDirectory(directory);
  if (entries instanceof Failure) return complain(`ls: ${directory}: ${entries.message}`);
  print(entries.map(({ name, kind }) => `${name}${kind === "directory" ? "/" : ""}\n`).join(""));
  return 0;
}

function cat(args: string[]): number {
  if (args.length === 0) return complain("usage: cat FILE...");
  let status = 0;
  for (const name of args) {
    const text = readFile(name);
    if (text instanceof Failure) status = complain(`cat: ${name}: ${text.message}`);
    else print(text);
  }
  return status;
}

function run(args: string[]): number {
  const [name, ...rest] = args;
  return name === undefined ? complain("usage: run PROGRAM [WORD...]") : runProgram(name, rest);
}

function echo(args: string[]): number {
  printLine(args.join(" "));
  return 0;
}

/** "ED" and "CUP" of ECMA-48, "Control Functions for Coded Character Sets". */
function clear(): number {
  print("\x1b[2J\x1b[H");
  return 0;
}
