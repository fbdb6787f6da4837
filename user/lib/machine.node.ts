/**
 * The machine as Node has it: machine.ts with memory that is an array, and the system calls that programs need whose
 * output is compared. All others are refused with ENOSYS, so a program can tell that it runs on Node.
 *
 *   esbuild --resolve-extensions=.node.ts,.ts      chooses this file where programs say "./machine"
 */
import {
  closeSync,
  existsSync,
  fstatSync,
  openSync,
  readdirSync,
  readSync,
  statSync,
  writeSync,
  type Dirent,
  type Stats,
} from "node:fs";
import { Call } from "./callNumbers";

const EAGAIN = 11;
const EFAULT = 14;
const EINVAL = 22;
const ENOTTY = 25;
const ENOSYS = 38;

/** Where the array begins for the program. Below it nothing is mapped. */
const BASE = 0x10000;
const MEMORY_BYTES = 1 << 20;
const bytes = new Uint8Array(MEMORY_BYTES);
const view = new DataView(bytes.buffer);

export const EXCHANGE_BYTES = 65536;

/** What lies behind the exchange: arguments and environment. */
let free = EXCHANGE_BYTES;

export function exchange(): number {
  return BASE;
}

export function peek(address: number): number {
  return view.getUint8(address - BASE);
}

export function poke(address: number, byte: number): void {
  view.setUint8(address - BASE, byte);
}

export function execute(): number {
  throw new Error("Node runs no machine code");
}

let argumentTable = 0;
let environmentTable = 0;

export function argumentVector(): number {
  argumentTable ||= storeStrings([process.argv[1] ?? "", ...process.argv.slice(2)]);
  return argumentTable;
}

export function environmentVector(): number {
  environmentTable ||= storeStrings(Object.entries(process.env).map(([name, value]) => `${name}=${value}`));
  return environmentTable;
}

/** Stores strings and pointers to them, as execve does. Returns where the pointers begin. */
function storeStrings(strings: string[]): number {
  const pointers = strings.map((text) => {
    const start = free;
    free += Buffer.from(bytes.buffer).write(`${text}\0`, start);
    return BASE + start;
  });
  free = (free + 7) & ~7;
  const table = free;
  for (const pointer of [...pointers, 0]) {
    view.setBigUint64(free, BigInt(pointer), true);
    free += 8;
  }
  return BASE + table;
}

export function systemCall(call: Call, a = 0, b = 0, c = 0): number {
  try {
    return answer(call, a, b, c);
  } catch (error) {
    const { errno } = error as NodeJS.ErrnoException;
    if (errno !== undefined) return errno;
    if (error instanceof RangeError) return -EFAULT;
    throw error;
  }
}

function answer(call: Call, a: number, b: number, c: number): number {
  switch (call) {
    case Call.read:
      return read(a, b, c);
    case Call.write:
      return writeSync(a, bytes, b - BASE, c);
    case Call.open:
      return open(text(a));
    case Call.close:
      return close(a);
    case Call.stat:
      return storeStatus(statSync(text(a)), b);
    case Call.fstat:
      return storeStatus(fstatSync(a), b);
    case Call.getdents64:
      return storeEntries(a, b, c);
    case Call.clockGettime:
      return storeTime(b);
    case Call.nanosleep:
      return sleep(a);
    case Call.ioctl:
      return -ENOTTY;
    case Call.getpid:
      return process.pid;
    case Call.exitGroup:
      return process.exit(a);
    default:
      return -ENOSYS;
  }
}

function text(address: number): string {
  const start = address - BASE;
  return Buffer.from(bytes.subarray(start, bytes.indexOf(0, start))).toString("utf8");
}

/** Node's standard input does not wait where it is a pipe without data, so this asks again. */
function read(descriptor: number, address: number, size: number): number {
  for (;;) {
    try {
      return readSync(descriptor, bytes, address - BASE, size, null);
    } catch (error) {
      const { code, errno } = error as NodeJS.ErrnoException;
      if (code === "EOF") return 0;
      if (errno !== -EAGAIN) throw error;
      pause(1);
    }
  }
}

/** Directories that are open, each with the entries that nobody has read. */
const directories = new Map<number, Dirent[]>();

function open(path: string): number {
  const descriptor = openSync(path, "r");
  if (existsSync(path) && statSync(path).isDirectory()) {
    directories.set(descriptor, readdirSync(path, { withFileTypes: true }));
  }
  return descriptor;
}

function close(descriptor: number): number {
  directories.delete(descriptor);
  closeSync(descriptor);
  return 0;
}

/** struct stat, as far as files.ts reads it. */
function storeStatus(status: Stats, address: number): number {
  view.setUint32(address - BASE + 24, status.mode, true);
  view.setBigUint64(address - BASE + 48, BigInt(status.size), true);
  return 0;
}

const DT_DIR = 4;
const DT_REG = 8;

/** struct linux_dirent64 for as many entries as fit. */
function storeEntries(descriptor: number, address: number, size: number): number {
  const entries = directories.get(descriptor);
  if (entries === undefined) return -EINVAL;
  let at = 0;
  for (let entry = entries[0]; entry !== undefined; entry = entries[0]) {
    const name = Buffer.from(`${entry.name}\0`);
    const length = (19 + name.length + 7) & ~7;
    if (at + length > size) break;
    view.setUint16(address - BASE + at + 16, length, true);
    view.setUint8(address - BASE + at + 18, entry.isDirectory() ? DT_DIR : DT_REG);
    bytes.set(name, address - BASE + at + 19);
    at += length;
    entries.shift();
  }
  return at;
}

function storeTime(address: number): number {
  const now = process.hrtime.bigint();
  view.setBigUint64(address - BASE, now / 1_000_000_000n, true);
  view.setBigUint64(address - BASE + 8, now % 1_000_000_000n, true);
  return 0;
}

function sleep(address: number): number {
  const seconds = view.getBigUint64(address - BASE, true);
  const nanoseconds = view.getBigUint64(address - BASE + 8, true);
  pause(Number(seconds) * 1000 + Number(nanoseconds) / 1e6);
  return 0;
}

function pause(milliseconds: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
}
