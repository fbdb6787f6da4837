/**
 * What the files of /proc say.
 *
 *     stat, status, cmdline, maps     of a process
 *     walk/ADDRESS                    how its page tables lead to an address: of Tessera alone
 *     meminfo, uptime, version, kmsg  of the machine and the kernel
 *
 * Linux man-pages: proc_pid_stat(5), proc_pid_status(5), proc_pid_maps(5), proc_meminfo(5), proc_uptime(5).
 */

import { PAGE_SIZE, frameStart, uncheckedVirtAddr, offsetInPage, pageStart } from "../../arch/x86_64/addresses";
import { microseconds } from "../clock";
import { replayHistory } from "../console/history";
import { isStyleMark } from "../console/style";
import { contentOfStore } from "../mm/fileStore";
import { freeFrameCount, managedFrameCount } from "../mm/frameAllocator";
import { FrameOwner, OwnerCounts, countOwners } from "../mm/frames";
import { EXECUTE, READ, type Region, RegionKind, WRITE, endUserAddress } from "../mm/regionTree";
import { freeSlotCount, slotCount } from "../mm/swap";
import { type WalkStep, Walk, WalkOutcome, levelName, walkAddress } from "../mm/walk";
import { type Process, ProcessState, findAnyProcess } from "../process/process";
import { pathOfContent } from "./archive";
import { say, sayByte } from "./generatedText";
import { terminal } from "../terminal/terminal";

export enum ProcText {
  MemInfo,
  Uptime,
  Version,
  KernelLog,
  Stat,
  Status,
  CommandLine,
  Maps,
  Walk,
}

/** What the next text is about. */
export class ProcSubject {
  text: ProcText;
  pid: u32;
  address: u64;
  /** When it was asked for, in microseconds since the boot. */
  time: u64;
}
export const subject = new ProcSubject();

const KIBIBYTES_PER_PAGE: u64 = PAGE_SIZE / 1024n;
const MICROSECONDS_PER_SECOND: u64 = 1_000_000n;
const MICROSECONDS_PER_TICK: u64 = 10_000n;

/** Says the text of `subject`. Of a process that has gone: nothing. */
export function sayProcText(): void {
  switch (subject.text) {
    case ProcText.MemInfo:
      sayMemory();
      return;
    case ProcText.Uptime:
      sayUptime();
      return;
    case ProcText.Version:
      say("Tessera version 0.1.0 (TypeScript)\n");
      return;
    case ProcText.KernelLog:
      replayHistory(sayLogByte);
      return;
    default:
      break;
  }
  const process = findAnyProcess(subject.pid);
  if (process !== null) sayOfProcess(process);
}

function sayOfProcess(process: Process): void {
  switch (subject.text) {
    case ProcText.Stat:
      sayStat(process);
      break;
    case ProcText.Status:
      sayStatus(process);
      break;
    case ProcText.CommandLine:
      for (const byte of process.name.commandLine()) sayByte(byte);
      break;
    case ProcText.Maps:
      sayMaps(process);
      break;
    default:
      sayWalk(process);
      break;
  }
}

// --- The machine -----------------------------------------------------------------------------------------------------

const owners = new OwnerCounts();

function sayMemory(): void {
  countOwners(owners);
  sayKibibytes("MemTotal:", managedFrameCount());
  sayKibibytes("MemFree:", freeFrameCount());
  sayKibibytes("MemAvailable:", freeFrameCount());
  sayKibibytes("SwapTotal:", slotCount());
  sayKibibytes("SwapFree:", freeSlotCount());
  sayKibibytes("Tables:", owners.frames[FrameOwner.Table]);
  sayKibibytes("Anonymous:", owners.frames[FrameOwner.Anonymous]);
  sayKibibytes("Heap:", owners.frames[FrameOwner.Heap]);
  sayKibibytes("File:", owners.frames[FrameOwner.File]);
  sayKibibytes("Kernel:", owners.frames[FrameOwner.Kernel]);
  sayKibibytes("Swap:", slotCount() - freeSlotCount());
}

function sayKibibytes(name: string, pages: u64): void {
  say(`${alignLeft(name, 15)} ${alignRight(pages * KIBIBYTES_PER_PAGE, 8)} kB\n`);
}

/** Seconds since the boot, and how long the processor has had nothing to do, which nobody counts. */
function sayUptime(): void {
  const now = subject.time;
  const hundredths = (now % MICROSECONDS_PER_SECOND) / 10_000n;
  say(`${now / MICROSECONDS_PER_SECOND}.${hundredths < 10n ? "0" : ""}${hundredths} 0.00\n`);
}

function sayLogByte(byte: u8): void {
  if (!isStyleMark(byte)) sayByte(byte);
}

// --- Processes -------------------------------------------------------------------------------------------------------

/** 52 fields, of which those that Tessera has no notion of are 0. */
function sayStat(process: Process): void {
  const parent = process.parent;
  const terminalDevice: u32 = process.session === terminal.session ? 0x501 : 0;
  const group = process.session === terminal.session ? terminal.foreground : 0;
  const ticks = microseconds(process.runTicks) / MICROSECONDS_PER_TICK;
  const childTicks = microseconds(process.childTicks) / MICROSECONDS_PER_TICK;
  say(`${process.pid} (${process.name.text()}) ${char(stateLetter(process))} ${parent === null ? 0 : parent.pid} `);
  say(`${process.group} ${process.session} ${terminalDevice} ${group} 0 0 0 0 0 `);
  say(`${ticks} 0 ${childTicks} 0 20 0 1 0 0 `);
  const pages = pagesOf(process);
  say(`${pages.mapped * PAGE_SIZE} ${pages.resident} ${u64.MAX} 0 0 0 0 0 0 `);
  say(`${process.signals.blocked} 0 0 0 0 0 17 0 0 0 0 0 0 0 0 0 0 0 0 0 ${process.status}\n`);
}

function sayStatus(process: Process): void {
  const parent = process.parent;
  const letter = stateLetter(process);
  const state = letter === 0x5a ? "zombie" : letter === 0x52 ? "running" : "sleeping";
  const pages = pagesOf(process);
  say(`Name:\t${process.name.text()}\nState:\t${char(letter)} (${state})\n`);
  say(`Pid:\t${process.pid}\nPPid:\t${parent === null ? 0 : parent.pid}\n`);
  say("Uid:\t0\t0\t0\t0\nGid:\t0\t0\t0\t0\n");
  say(`VmSize:\t${alignRight(pages.mapped * KIBIBYTES_PER_PAGE, 8)} kB\n`);
  say(`VmRSS:\t${alignRight(pages.resident * KIBIBYTES_PER_PAGE, 8)} kB\nThreads:\t1\n`);
}

function stateLetter(process: Process): u8 {
  switch (process.state) {
    case ProcessState.Ready:
    case ProcessState.Running:
      return 0x52;
    case ProcessState.Waiting:
      return 0x53;
    case ProcessState.Ended:
      return 0x5a;
  }
}

class PageCounts {
  mapped: u64;
  resident: u64;
}
const pageCounts = new PageCounts();

/** What a process has of memory; nothing once it has ended. */
function pagesOf(process: Process): PageCounts {
  const space = process.space;
  pageCounts.mapped = space === null ? 0n : space.regions.tree.pages;
  pageCounts.resident = space === null ? 0n : space.residentPages;
  return pageCounts;
}

function sayMaps(process: Process): void {
  const space = process.space;
  if (space === null) return;
  for (let region = space.regions.tree.lowest; region !== null; region = region.next) sayRegion(process, region);
}

function sayRegion(process: Process, region: Region): void {
  const start = pageStart(region.first);
  const end = start + region.pages() * PAGE_SIZE;
  sayHex(start);
  sayByte(0x2d);
  sayHex(end);
  const permissions = region.permissions;
  const share = region.kind === RegionKind.Shared ? "s" : "p";
  const first = (permissions & READ) !== 0 ? "r" : "-";
  const second = (permissions & WRITE) !== 0 ? "w" : "-";
  const third = (permissions & EXECUTE) !== 0 ? "x" : "-";
  say(` ${first}${second}${third}${share} `);
  sayHex(region.kind === RegionKind.File ? region.origin * PAGE_SIZE : 0n);
  say(" 00:00 0 ");
  sayRegionName(process, region);
  sayByte(0x0a);
}

/** What lies there, as Linux says it, far enough to the right. */
function sayRegionName(process: Process, region: Region): void {
  const start = pageStart(region.first);
  const isHeap = start < process.heapEnd && start >= process.heapStart;
  if (region.kind === RegionKind.File) {
    const path = pathOfContent(contentOfStore(region.store));
    if (path !== null) say(`${NAME_INDENT}/${path}`);
  } else if (region.kind === RegionKind.Stack) {
    say(`${NAME_INDENT}[stack]`);
  } else if (isHeap) {
    say(`${NAME_INDENT}[heap]`);
  }
}

const NAME_INDENT = "                          ";

/** At least eight hexadecimal digits, without a prefix. */
function sayHex(value: u64): void {
  const digits = value === 0n ? 1 : (67 - leadingZeros(value)) / 4;
  for (let i = digits < 8 ? 8 : digits; i > 0; i -= 1) {
    const digit = u8((value >> u64((i - 1) * 4)) & 0xfn);
    sayByte(digit < 10 ? 0x30 + digit : 0x61 + digit - 10);
  }
}

// --- The way through the page tables ---------------------------------------------------------------------------------

const walk = new Walk();

function sayWalk(process: Process): void {
  const space = process.space;
  if (space === null) return;
  if (subject.address >= endUserAddress()) {
    say("not the program's\n");
    return;
  }
  walkAddress(space.rootFrame, subject.address, walk);
  for (let i: u32 = 0; i < walk.stepCount; i += 1) sayStep(walk.steps[i]);
  switch (walk.outcome) {
    case WalkOutcome.Mapped:
      say(`frame ${hex(walk.physical - offsetInPage(uncheckedVirtAddr(walk.physical)), 9)} `);
      say(`offset ${hex(walk.address % PAGE_SIZE, 3)}\n`);
      break;
    case WalkOutcome.NotPresent:
      say(`not present at ${levelName(walk.steps[walk.stepCount - 1].level)}\n`);
      break;
    case WalkOutcome.NotCanonical:
      say("not canonical\n");
      break;
    case WalkOutcome.TableOutsideRam:
      say("the next table is not in RAM\n");
      break;
  }
}

function sayStep(step: WalkStep): void {
  const entry = step.entry;
  say(`${levelName(step.level)}[${alignRight(step.index, 3)}] ${hex(frameStart(step.table), 9)} -> `);
  if (!entry.isPresent()) {
    say("not present\n");
    return;
  }
  const target = step.isLast() && step.level > 1 ? entry.hugeFrame() : entry.frame();
  const access = entry.isWritable() ? "writable" : "read-only";
  const mode = entry.isUser() ? "user" : "kernel";
  const execute = entry.isExecutable() ? " executable" : "";
  say(`${hex(frameStart(target), 9)} present ${access} ${mode}${execute}\n`);
}
