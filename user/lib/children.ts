/**
 * Other programs: starting them, waiting for their end, and signals.
 *
 *     spawn ── fork ──┬── the parent goes on: the child's process identifier
 *                     └── the child: SIGINT as it is by default, execve ── fails? exit 127
 */
import { loadNumber, storeNumber, storeText } from "./bytes";
import { Call } from "./callNumbers";
import { checked, E2BIG, Failure } from "./failure";
import { exchange, EXCHANGE_BYTES, systemCall } from "./machine";
import { environment, exit } from "./process";

/** How a child ended. */
export type ChildEnd = { kind: "exited"; status: number } | { kind: "signalled"; signal: number };

/** What a child exits with that could not become the program. */
export const NO_PROGRAM = 127;

/** Starts a program with arguments, of which the first is by custom its name. The child's process identifier. */
export function spawn(path: string, args: string[]): number | Failure {
  return fork(() => {
    const failure = execute(path, args);
    return failure.code === 0 ? 0 : NO_PROGRAM;
  });
}

/** Runs a function in a child, a copy of this process, and ends it with the function's answer. */
export function fork(run: () => number): number | Failure {
  const answer = systemCall(Call.fork);
  if (answer !== 0) return checked(answer);
  listenToInterrupts();
  return exit(run());
}

/** Makes this process another program. Returns only when that was refused. */
function execute(path: string, args: string[]): Failure {
  const strings = [path, ...args, ...environment()];
  const addresses = storeStrings(strings);
  if (addresses === null) return new Failure(E2BIG);
  const [pathAddress, ...rest] = addresses;
  const vectors = exchange() + EXCHANGE_BYTES - (rest.length + 2) * 8;
  const environmentStart = storeVector(vectors, rest.slice(0, args.length));
  storeVector(environmentStart, rest.slice(args.length));
  return new Failure(-systemCall(Call.execve, pathAddress ?? 0, vectors, environmentStart));
}

/** Strings from the start of the exchange on; null when they and pointers to them do not fit. */
function storeStrings(strings: string[]): number[] | null {
  let free = exchange();
  const end = exchange() + EXCHANGE_BYTES - (strings.length + 2) * 8;
  const addresses: number[] = [];
  for (const text of strings) {
    if (free + text.length * 3 + 1 > end) return null;
    addresses.push(free);
    free += storeText(free, text);
  }
  return addresses;
}

/** Pointers with a 0 behind them. Returns where that ends. */
function storeVector(address: number, pointers: number[]): number {
  let at = address;
  for (const pointer of [...pointers, 0]) {
    storeNumber(at, 8, pointer);
    at += 8;
  }
  return at;
}

/** Waits for the end of a child. */
export function waitFor(child: number): ChildEnd | Failure {
  const answer = checked(systemCall(Call.wait4, child, exchange(), 0, 0));
  if (answer instanceof Failure) return answer;
  const status = loadNumber(exchange(), 4);
  const signal = status & 0x7f;
  return signal === 0 ? { kind: "exited", status: (status >> 8) & 0xff } : { kind: "signalled", signal };
}

export const SIGINT = 2;
const SIG_DFL = 0;
const SIG_IGN = 1;

/** ^C no longer ends this process. */
export function ignoreInterrupts(): void {
  setInterruptAction(SIG_IGN);
}

function listenToInterrupts(): void {
  setInterruptAction(SIG_DFL);
}

/** struct sigaction of the kernel: handler, flags, restorer and mask, 8 bytes each. */
function setInterruptAction(action: number): void {
  storeNumber(exchange(), 8, action);
  for (let field = 1; field < 4; field += 1) storeNumber(exchange() + field * 8, 8, 0);
  systemCall(Call.rtSigaction, SIGINT, exchange(), 0, 8);
}

/** Names of signals ("signal(7)"), those that programs end by. */
const SIGNAL_NAMES = new Map<number, string>([
  [1, "SIGHUP, hangup"],
  [2, "SIGINT, interrupted"],
  [3, "SIGQUIT, quit"],
  [4, "SIGILL, invalid instruction"],
  [5, "SIGTRAP, breakpoint"],
  [6, "SIGABRT, aborted"],
  [7, "SIGBUS, access beyond a file"],
  [8, "SIGFPE, division"],
  [9, "SIGKILL, killed"],
  [11, "SIGSEGV, memory access refused"],
  [13, "SIGPIPE, nobody reads"],
  [15, "SIGTERM, asked to end"],
]);

export function signalName(signal: number): string {
  return SIGNAL_NAMES.get(signal) ?? `signal ${signal}`;
}
