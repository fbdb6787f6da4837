/**
 * What the kernel tells about processes and memory, through /proc.
 */
import { Failure } from "../lib/failure";
import { listDirectory, readFile } from "../lib/files";
import { fixed, hex, parseAddress, parseWhole, table } from "../lib/format";
import { PAGE_BYTES, pageWalk } from "../lib/memory";
import { print, printLine } from "../lib/terminal";
import { complain } from "./complain";

/** Fields of /proc/PID/stat behind the name in parentheses, from 0. */
const STATE = 0;
const PARENT = 1;
const SIZE = 20;
const RESIDENT = 21;

export function ps(args: string[]): number {
  if (args.length > 0) return complain("usage: ps");
  const entries = listDirectory("/proc");
  if (entries instanceof Failure) return complain(`ps: /proc: ${entries.message}`);
  const numbers = entries.map(({ name }) => parseWhole(name)).filter((number) => number !== null);
  const rows = numbers.sort((a, b) => a - b).map(processRow);
  const shown = rows.filter((row) => row.length > 0);
  print(table([["PID", "PARENT", "STATE", "SIZE", "RESIDENT", "COMMAND"], ...shown], [0, 1, 3, 4]));
  return 0;
}

/** Empty when the process has ended meanwhile. */
function processRow(process: number): string[] {
  const text = readFile(`/proc/${process}/stat`);
  if (text instanceof Failure) return [];
  const fields = text
    .slice(text.lastIndexOf(")") + 2)
    .trim()
    .split(" ");
  const resident = Number(fields[RESIDENT]) * PAGE_BYTES;
  return [
    `${process}`,
    fields[PARENT] ?? "",
    fields[STATE] ?? "",
    size(Number(fields[SIZE])),
    size(resident),
    commandLine(process, text),
  ];
}

/** The arguments, or the name where there are none. */
function commandLine(process: number, stat: string): string {
  const text = readFile(`/proc/${process}/cmdline`);
  const words = text instanceof Failure ? "" : text.replaceAll("\0", " ").trim();
  return words === "" ? stat.slice(stat.indexOf("("), stat.lastIndexOf(")") + 1) : words;
}

const UNITS = ["B", "KiB", "MiB", "GiB", "TiB"];

/** Bytes in the unit in which they have up to four digits. */
function size(bytes: number): string {
  let value = bytes;
  let unit = 0;
  while (value >= 10_000 && unit < UNITS.length - 1) {
    value /= 1024;
    unit += 1;
  }
  return `${fixed(value, 0)} ${UNITS[unit] ?? ""}`;
}

export function mem(args: string[]): number {
  if (args.length > 0) return complain("usage: mem");
  const text = readFile("/proc/meminfo");
  if (text instanceof Failure) return complain(`mem: /proc/meminfo: ${text.message}`);
  const rows = text
    .trim()
    .split("\n")
    .map((line) => line.split(":"))
    .map(([name, value]) => [name ?? "", memory((value ?? "").trim())]);
  print(table(rows, [1]));
  return 0;
}

function memory(value: string): string {
  const kib = value.endsWith(" kB") ? parseWhole(value.slice(0, -3)) : null;
  return kib === null ? value : size(kib * 1024);
}

export function maps(args: string[]): number {
  const [process = "self"] = args;
  if (args.length > 1 || !isProcess(process)) return complain("usage: maps [PID]");
  const text = readFile(`/proc/${process}/maps`);
  if (text instanceof Failure) return complain(`maps: process ${process}: ${text.message}`);
  const rows = text
    .trim()
    .split("\n")
    .map((line) => line.split(" ").filter((field) => field !== ""))
    .map(([range, rights, , , , ...name]) => [range ?? "", rights ?? "", regionSize(range ?? ""), name.join(" ")]);
  print(table(rows, [2]));
  return 0;
}

function regionSize(range: string): string {
  const [start, end] = range.split("-").map(parseAddress);
  return start == null || end == null ? "" : size(end - start);
}

function isProcess(text: string): boolean {
  return text === "self" || parseWhole(text) !== null;
}

export function translate(args: string[]): number {
  const [text = "", process = "self"] = args;
  const address = parseAddress(text);
  if (args.length === 0 || args.length > 2 || address === null || !isProcess(process)) {
    return complain("usage: translate ADDRESS [PID], the address in hexadecimal");
  }
  const walk = pageWalk(address, process);
  if (walk instanceof Failure) return complain(`translate: process ${process}: ${walk.message}`);
  printLine(`${hex(address, 16)} in process ${process}`);
  print(walk);
  return 0;
}

export function dmesg(args: string[]): number {
  if (args.length > 0) return complain("usage: dmesg");
  const text = readFile("/proc/kmsg");
  if (text instanceof Failure) return complain(`dmesg: /proc/kmsg: ${text.message}`);
  print(text);
  return 0;
}

export function uptime(args: string[]): number {
  if (args.length > 0) return complain("usage: uptime");
  const text = readFile("/proc/uptime");
  if (text instanceof Failure) return complain(`uptime: /proc/uptime: ${text.message}`);
  printLine(`up ${text.trim().split(" ")[0] ?? ""} s`);
  return 0;
}
