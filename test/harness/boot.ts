/**
 * Boots Tessera in QEMU and reads what it says.
 *
 *   boot({ commandLine: "events exit" })  -->  QEMU  --serial-->  { exitCode, serial, lines, events }
 *
 * A boot passes only with exit code 33 (or the one the test expects). QEMU's own 0 means a reset, a triple fault or
 * a power off. Every boot has a timeout, after which QEMU is killed; a failure carries the end of the serial log.
 *
 * Serial output goes through a file: a pipe holds a few hundred of QEMU's one-byte writes, and on a busy machine its
 * guest would wait for this process.
 */
import { spawn, type ChildProcess } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { copyFirmwareVariables, EXIT_PANIC, EXIT_PASS, qemuArguments, type Machine } from "../../scripts/qemu";
import { parseEvent, plainText, type KernelEvent } from "./events";
import { QemuMonitor } from "./monitor";
import { TerminalSession } from "./terminal";

export { EXIT_PANIC, EXIT_PASS };
export type { KernelEvent };

/** Where the kernels under test lie: BUILD of the Makefile. */
export const buildDirectory = resolve(process.env["BUILD"] ?? "build");
export const kernelElf = join(buildDirectory, "tessera.elf");
export const testKernelElf = join(buildDirectory, "tessera-test.elf");

export interface BootOptions extends Omit<Machine, "kernel" | "kvm" | "firmwareVariables"> {
  /** The ELF for direct boot. Default: build/tessera.elf, unless an image is given. */
  elf?: string;
  /** Default: 60, and 120 under OVMF. */
  timeoutSeconds?: number;
  /** The only exit code that passes. Default: 33. */
  expectExit?: number;
  /**
   * For a kernel that halts: the boot passes as soon as a whole serial line matches, and QEMU is killed. `exitCode` is then
   * null.
   */
  until?: RegExp;
  /** Sits at the terminal: types, and waits for answers. The boot goes on to its end afterwards. */
  session?: (terminal: TerminalSession) => Promise<void>;
  /** Writes the screen as a PPM file there when the boot passes by `until`. Needs `vga`. */
  screenshot?: string;
}

export interface BootResult {
  /** Null when the boot ended by `until`. */
  exitCode: number | null;
  /** Everything the kernel and its loaders wrote, without terminal control sequences. */
  serial: string;
  lines: string[];
  events: KernelEvent[];
}

/** Boots, waits for the end, and throws with the end of the serial log when it is not the expected one. */
export async function boot(options: BootOptions = {}): Promise<BootResult> {
  const scratch = mkdtempSync(join(tmpdir(), "tessera-boot-"));
  try {
    return await runQemu(options, scratch);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** The values of the only event of that name. Throws when there is none or more than one. */
export function onlyEvent(result: BootResult, name: string): Record<string, string> {
  const found = result.events.filter((event) => event.name === name);
  if (found.length !== 1) throw new Error(`${found.length} @${name} events, expected one\n${tail(result.serial)}`);
  return found[0]?.values ?? {};
}

const SERIAL_LOG = "serial.log";
const SERIAL_SOCKET = "serial";
const MONITOR_SOCKET = "qmp";
const POLL_MILLISECONDS = 20;

async function runQemu(options: BootOptions, scratch: string): Promise<BootResult> {
  const command = commandFor(options, scratch);
  const monitorPath = join(scratch, MONITOR_SOCKET);
  const needsMonitor = options.screenshot !== undefined || options.session !== undefined;
  if (needsMonitor) command.push("-qmp", `unix:${monitorPath},server=on,wait=off`);
  const qemu = spawn("qemu-system-x86_64", command, { stdio: ["ignore", "ignore", "pipe"] });
  const release = killWithParent(qemu);
  try {
    const ending = watch(qemu, join(scratch, SERIAL_LOG), options);
    if (options.session !== undefined) await sit(options.session, scratch);
    const end = await ending;
    if (end.reason === "until" && options.screenshot !== undefined) {
      await QemuMonitor.screenshot(monitorPath, resolve(options.screenshot));
    }
    return judge(end, options, command);
  } finally {
    qemu.kill("SIGKILL");
    release();
  }
}

function commandFor(options: BootOptions, scratch: string): string[] {
  const machine: Machine = { ...options };
  if (options.image === undefined) machine.kernel = options.elf ?? kernelElf;
  if (options.firmware === "ovmf") {
    machine.firmwareVariables = join(scratch, "variables.fd");
    copyFirmwareVariables(machine.firmwareVariables);
  }
  return [...qemuArguments(machine), "-display", "none", "-monitor", "none", ...serialArguments(options, scratch)];
}

/** With a session the port is a socket; what comes out of it is in the file all the same. */
function serialArguments(options: BootOptions, scratch: string): string[] {
  const log = join(scratch, SERIAL_LOG);
  if (options.session === undefined) return ["-serial", `file:${log}`];
  const socket = `socket,id=serial,path=${join(scratch, SERIAL_SOCKET)},server=on,wait=on,logfile=${log}`;
  return ["-chardev", socket, "-serial", "chardev:serial"];
}

/** Lets a session run; when it fails, the failure carries what the machine said. */
async function sit(session: (terminal: TerminalSession) => Promise<void>, scratch: string): Promise<void> {
  const terminal = await TerminalSession.connect(join(scratch, SERIAL_SOCKET), join(scratch, MONITOR_SOCKET));
  try {
    await session(terminal);
  } catch (error) {
    throw new Error(`${String(error)}\n${tail(plainText(terminal.output))}`, { cause: error });
  }
}

/** QEMU must not outlive the test process, however that ends. Returns what takes the precaution back. */
function killWithParent(qemu: ChildProcess): () => void {
  const kill = (): void => void qemu.kill("SIGKILL");
  process.once("exit", kill);
  return () => process.off("exit", kill);
}

interface End {
  reason: "exit" | "until" | "timeout";
  exitCode: number | null;
  serial: string;
  errors: string;
}

/** Waits until QEMU exits, the awaited line appears in its serial log, or time is up. */
function watch(qemu: ChildProcess, serialLog: string, options: BootOptions): Promise<End> {
  return new Promise((resolveEnd, reject) => {
    let errors = "";
    const finish = (reason: End["reason"], exitCode: number | null): void => {
      clearTimeout(timeout);
      clearInterval(poll);
      resolveEnd({ reason, exitCode, serial: readSerial(serialLog), errors });
    };
    const timeout = setTimeout(() => finish("timeout", null), timeoutSeconds(options) * 1000);
    const poll = setInterval(() => {
      if (options.until !== undefined && hasLine(serialLog, options.until)) finish("until", null);
    }, POLL_MILLISECONDS);
    qemu.stderr?.setEncoding("utf8").on("data", (text: string) => (errors += text));
    qemu.on("error", reject);
    qemu.on("close", (code) => finish("exit", code));
  });
}

function readSerial(serialLog: string): string {
  return existsSync(serialLog) ? plainText(readFileSync(serialLog, "utf8")) : "";
}

/** Whether a complete line matches. */
function hasLine(serialLog: string, pattern: RegExp): boolean {
  const lines = readSerial(serialLog).split("\n").slice(0, -1);
  return lines.some((line) => pattern.test(line));
}

/** The time limit of one boot in seconds; vitest's own limit per test lies above it. */
export function timeoutSeconds(options: BootOptions): number {
  return options.timeoutSeconds ?? (options.firmware === "ovmf" ? 120 : 60);
}

function judge(end: End, options: BootOptions, command: string[]): BootResult {
  const expected = options.expectExit ?? EXIT_PASS;
  const passed = options.until !== undefined ? end.reason === "until" : end.exitCode === expected;
  if (!passed) throw new Error(describeFailure(end, options, command));
  const lines = end.serial.split("\n");
  const events = lines.map(parseEvent).filter((event) => event !== null);
  return { exitCode: end.exitCode, serial: end.serial, lines, events };
}

function describeFailure(end: End, options: BootOptions, command: string[]): string {
  const wanted =
    options.until !== undefined ? `a line like ${options.until}` : `exit ${options.expectExit ?? EXIT_PASS}`;
  return [
    `boot failed: ${describeEnd(end, options)}; expected ${wanted}`,
    `command: qemu-system-x86_64 ${command.join(" ")}`,
    ...(end.errors.trim() === "" ? [] : [`QEMU says: ${end.errors.trim()}`]),
    tail(end.serial),
  ].join("\n");
}

function describeEnd(end: End, options: BootOptions): string {
  if (end.reason === "timeout") return `no end within ${timeoutSeconds(options)} s`;
  switch (end.exitCode) {
    case 0:
      return "exit 0 (reset, triple fault or power off)";
    case EXIT_PANIC:
      return `exit ${EXIT_PANIC} (panic or fatal trap)`;
    default:
      return `exit ${end.exitCode}`;
  }
}

const TAIL_LINES = 40;

function tail(serial: string): string {
  const lines = serial.trimEnd().split("\n").slice(-TAIL_LINES);
  return ["--- end of the serial log ---", ...lines, "---"].join("\n");
}
