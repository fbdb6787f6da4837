/**
 * /proc: folders and files that stand for processes and for the machine. What the files say is in procText.ts.
 *
 *     /proc/meminfo uptime version kmsg
 *     /proc/self                             a link to the folder of whoever asks
 *     /proc/PID/stat status cmdline maps     one folder for each process
 *     /proc/PID/walk/ADDRESS                 any address, in hexadecimal; the folder lists none
 *
 * Linux man-pages: proc(5).
 */

import { findAnyProcess, nextProcessNumber } from "../process/process";
import { runningProcess } from "../process/scheduler";
import { hexDigit, sameText, textBetween } from "../text";
import { type FolderEntry, type Node, NodeKind, Place, READ_ONLY_FILE, READ_ONLY_FOLDER } from "./node";
import { belowFolder, firstPart } from "./pathText";
import { ProcText } from "./procText";

class ProcName {
  name: string;
  text: ProcText;
}

const OF_MACHINE: FixedArray<ProcName, 4> = [
  { name: "meminfo", text: ProcText.MemInfo },
  { name: "uptime", text: ProcText.Uptime },
  { name: "version", text: ProcText.Version },
  { name: "kmsg", text: ProcText.KernelLog },
];
const OF_PROCESS: FixedArray<ProcName, 4> = [
  { name: "stat", text: ProcText.Stat },
  { name: "status", text: ProcText.Status },
  { name: "cmdline", text: ProcText.CommandLine },
  { name: "maps", text: ProcText.Maps },
];

/** Numbers of nodes: the folder, "self" and the machine's files, then so many for each process. */
const FOLDER_INODE: u64 = 256n;
const SELF_INODE: u64 = 257n;
const MACHINE_INODE: u64 = 260n;
const FIRST_PROCESS_INODE: u64 = 4096n;
const INODES_PER_PROCESS: u64 = 16n;
const WALK_INODE: u64 = 8n;
const ADDRESS_INODE: u64 = 9n;

/** Digits of the largest address, and of the largest number of a process. */
const MOST_HEX_DIGITS: u32 = 16;
const MOST_DIGITS: u32 = 9;

/** The node at "proc" or below. False: there is none. */
export function findProcNode(path: string, node: Node): bool {
  const below = belowFolder(path, "proc");
  if (byteLength(below) === 0) return describeFolder(node, Place.Proc, 0, FOLDER_INODE);
  const first = firstPart(below);
  const rest = belowFolder(below, first);
  const isWhole = byteLength(rest) === 0;
  if (isWhole && sameText(first, "self")) return describeSelf(node);
  const pid = numberOf(first);
  if (pid === null) return isWhole && describeNamed(OF_MACHINE, first, 0, MACHINE_INODE, node);
  if (findAnyProcess(pid) === null) return false;
  const inode = inodeOfProcess(pid);
  if (isWhole) return describeFolder(node, Place.Process, pid, inode);
  if (sameText(firstPart(rest), "walk")) return describeWalk(belowFolder(rest, "walk"), pid, node);
  return describeNamed(OF_PROCESS, rest, pid, inode + 1n, node);
}

/** As `nextInArchive`, for the folder /proc. Processes come by their numbers. */
export function nextInProc(start: u32, found: FolderEntry): u32 | null {
  if (start < OF_MACHINE.length) return tellName(OF_MACHINE, start, MACHINE_INODE, found);
  if (start === OF_MACHINE.length) {
    tell(found, "self", NodeKind.Link, SELF_INODE);
    return start + 1;
  }
  const firstPid = OF_MACHINE.length + 1;
  const pid = nextProcessNumber(start - firstPid);
  if (pid === null) return null;
  tell(found, digitsOf(pid), NodeKind.Folder, inodeOfProcess(pid));
  return firstPid + pid + 1;
}

/** The same for the folder of a process. */
export function nextInProcess(folder: Node, start: u32, found: FolderEntry): u32 | null {
  if (start < OF_PROCESS.length) return tellName(OF_PROCESS, start, folder.inode + 1n, found);
  if (start > OF_PROCESS.length) return null;
  tell(found, "walk", NodeKind.Folder, folder.inode + WALK_INODE);
  return start + 1;
}

/** The path of a folder of /proc, from the root on. Valid until the next question. */
export function pathInProc(folder: Node): string {
  if (folder.place === Place.Proc) return "proc";
  numberText.length = 0;
  for (const byte of bytesOf("proc/")) numberText.put(byte);
  const digits = bytesOf(digitsOf(folder.pid));
  for (const byte of digits) numberText.put(byte);
  if (folder.place === Place.Walks) {
    for (const byte of bytesOf("/walk")) numberText.put(byte);
  }
  return stringOver(subslice(numberText.bytes, 0, numberText.length));
}

// --- Nodes -----------------------------------------------------------------------------------------------------------

function describeFolder(node: Node, place: Place, pid: u32, inode: u64): bool {
  node.kind = NodeKind.Folder;
  node.place = place;
  node.pid = pid;
  node.inode = inode;
  node.permissions = READ_ONLY_FOLDER;
  return true;
}

/** False: nobody asks. */
function describeSelf(node: Node): bool {
  const process = runningProcess();
  if (process === null) return false;
  node.kind = NodeKind.Link;
  node.inode = SELF_INODE;
  node.permissions = 0o777;
  node.content = bytesOf(digitsOf(process.pid));
  return true;
}

function describeNamed(names: Slice<ProcName>, name: string, pid: u32, firstInode: u64, node: Node): bool {
  for (let i: u32 = 0; i < names.length; i += 1) {
    if (!sameText(names[i].name, name)) continue;
    describeText(node, names[i].text, pid, firstInode + u64(i));
    return true;
  }
  return false;
}

function describeText(node: Node, text: ProcText, pid: u32, inode: u64): void {
  node.kind = NodeKind.File;
  node.place = Place.Proc;
  node.text = text;
  node.pid = pid;
  node.inode = inode;
  node.permissions = READ_ONLY_FILE;
}

function describeWalk(digits: string, pid: u32, node: Node): bool {
  const inode = inodeOfProcess(pid);
  if (byteLength(digits) === 0) return describeFolder(node, Place.Walks, pid, inode + WALK_INODE);
  const address = addressOfDigits(digits);
  if (address === null) return false;
  describeText(node, ProcText.Walk, pid, inode + ADDRESS_INODE);
  node.address = address;
  return true;
}

function inodeOfProcess(pid: u32): u64 {
  return FIRST_PROCESS_INODE + u64(pid) * INODES_PER_PROCESS;
}

function tellName(names: Slice<ProcName>, index: u32, firstInode: u64, found: FolderEntry): u32 {
  tell(found, names[index].name, NodeKind.File, firstInode + u64(index));
  return index + 1;
}

function tell(found: FolderEntry, name: string, kind: NodeKind, inode: u64): void {
  found.name = name;
  found.kind = kind;
  found.inode = inode;
}

// --- Numbers ---------------------------------------------------------------------------------------------------------

class NumberText {
  readonly bytes: FixedArray<u8, 32>;
  length: u32;

  put(byte: u8): void {
    this.bytes[this.length] = byte;
    this.length += 1;
  }
}
const numberText = new NumberText();
const digitText = new FixedArray<u8, 12>();

/** In decimal. Valid until the next. */
function digitsOf(value: u32): string {
  let start = digitText.length;
  let rest = value;
  do {
    start -= 1;
    digitText[start] = 0x30 + u8(rest % 10);
    rest /= 10;
  } while (rest !== 0);
  return stringOver(subslice(digitText, start, digitText.length));
}

/** Null: it is no number, or one that no process has. */
function numberOf(text: string): u32 | null {
  const bytes = bytesOf(text);
  if (bytes.length === 0 || bytes.length > MOST_DIGITS) return null;
  let value: u32 = 0;
  for (const byte of bytes) {
    if (byte < 0x30 || byte > 0x39) return null;
    value = value * 10 + u32(byte - 0x30);
  }
  return value;
}

/** In hexadecimal, with or without 0x. */
function addressOfDigits(text: string): u64 | null {
  const isPrefixed = byteLength(text) > 2 && sameText(textBetween(text, 0, 2), "0x");
  const digits = bytesOf(isPrefixed ? textBetween(text, 2, byteLength(text)) : text);
  if (digits.length === 0 || digits.length > MOST_HEX_DIGITS) return null;
  let value: u64 = 0n;
  for (const byte of digits) {
    const digit = hexDigit(byte);
    if (digit === null) return null;
    value = (value << 4n) | u64(digit);
  }
  return value;
}
