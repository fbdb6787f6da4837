/**
 * The boot report: what was found and what was made of it, for people on the screen and the serial port, and as events
 * for programs.
 *
 *     banner, loader, processor       who started us, and on what
 *     memory map                      what the machine has, as the kernel sees it
 *     frames, page tables             what the kernel made of it
 *     time                            when each step was done
 */
import { activeProtections, detectCpu, type Protections } from "../arch/x86_64/cpu";
import { PAGE_SIZE, physAddr } from "../arch/x86_64/addresses";
import { physToVirt } from "../arch/x86_64/physmap";
import { type BootInfo, EntryKind, MemoryKind } from "../boot/bootInfo";
import { bootSteps } from "./bootSteps";
import { clockFrequency, clockSource, ClockSource, microseconds } from "./clock";
import { beginBlock, endBlock, print, printLine, setStyle } from "./console/console";
import { Style } from "./console/style";
import { event } from "./log";
import { memoryMap, type MemoryRegion } from "./mm/memoryMap";
import { memoryReport } from "./mm/memoryReport";
import { printFrequency, printMilliseconds, printSize } from "./reportUnits";

/** Longer maps are cut: a screen is small. */
const MAX_REGION_LINES: u32 = 48;
const STEPS_PER_LINE: u32 = 3;
/** The left column, with the names. */
const NAME_COLUMNS = 16;

/** Says everything, and the events `boot`, `memory`, `tables` and `time`. */
export function reportBoot(info: BootInfo): void {
  beginBlock();
  printBanner();
  reportLoader(info);
  reportProcessor();
  reportScreen(info);
  reportMemoryMap();
  reportMemory();
  reportTables();
  reportTime();
  setStyle(Style.Plain);
  endBlock();
  sendEvents(info);
}

// --- Banner ----------------------------------------------------------------------------------------------------------

/** Nine tiles of a mosaic: that is what a tessera is one of. */
function printBanner(): void {
  printLine("");
  printTiles(Style.Accent, Style.Heading, Style.Good);
  setStyle(Style.Heading);
  printLine("       T E S S E R A");
  printTiles(Style.Heading, Style.Warning, Style.Accent);
  setStyle(Style.Plain);
  printLine("       an x86_64 kernel written in TypeScript,");
  printTiles(Style.Good, Style.Accent, Style.Error);
  setStyle(Style.Plain);
  printLine("       compiled ahead of time to native code");
}

function printTiles(left: Style, middle: Style, right: Style): void {
  print("  ");
  printTile(left);
  printTile(middle);
  printTile(right);
}

function printTile(style: Style): void {
  setStyle(style);
  print("▄▄ ");
}

// --- Sections --------------------------------------------------------------------------------------------------------

function reportLoader(info: BootInfo): void {
  beginSection("Started by");
  print(`${info.loaderName}`);
  if (byteLength(info.loaderVersion) > 0) print(` ${info.loaderVersion}`);
  printDim(`${entryText(info.entry)}, Limine protocol revision ${info.protocolRevision}`);
  beginField("command line");
  if (byteLength(info.commandLine) === 0) printDim("(empty)");
  else print(`${info.commandLine}`);
  beginField("kernel at");
  print(`${info.kernelVirtBase}`);
  printDim(`, physical ${info.kernelPhysBase}`);
  reportModules(info);
}

function reportModules(info: BootInfo): void {
  for (let index: u32 = 0; index < info.moduleCount; index += 1) {
    const file = info.modules[index];
    beginField("module");
    print(`${file.name} `);
    printSize(file.length);
    printDim(` at ${file.start}`);
  }
}

function reportProcessor(): void {
  const cpu = detectCpu();
  const active = activeProtections();
  beginSection("Processor");
  print(`${cpu.brand}`);
  printDim(` (${cpu.vendor}), addresses ${cpu.physicalAddressBits} bits physical, ${cpu.virtualAddressBits} virtual`);
  beginField("in use");
  reportProtections(active);
  beginField("clock");
  printFrequency(clockFrequency());
  printDim(` time-stamp counter, ${clockOrigin()}`);
}

function reportProtections(active: Protections): void {
  printFeature("", "WP", active.writeProtect);
  printFeature("  ", "NX", active.noExecute);
  printFeature("  ", "SMEP", active.smep);
  printFeature("  ", "SMAP", active.smap);
  printFeature("  ", "UMIP", active.umip);
  printFeature("  ", "PGE", active.globalPages);
  printFeature("  ", "PCID", active.processContexts);
  printFeature("  ", "1 GiB pages", memoryReport.uses1GiBPages);
}

/** Green when it is on, dim when the processor lacks it. */
function printFeature(separator: string, name: string, on: bool): void {
  setStyle(on ? Style.Good : Style.Dim);
  print(`${separator}${on ? "" : "no "}${name}`);
  setStyle(Style.Plain);
}

function reportScreen(info: BootInfo): void {
  beginField("screen");
  const screen = info.framebuffer;
  if (!screen.present) {
    printDim("none");
    return;
  }
  print(`${screen.width} x ${screen.height}`);
  printDim(`, 32 bits a pixel, at ${screen.address}`);
}

function reportMemoryMap(): void {
  beginSection("Memory map");
  printDim("first byte           last byte                  size  kind");
  for (let index: u32 = 0; index < memoryMap.length; index += 1) {
    if (index < MAX_REGION_LINES) reportRegion(memoryMap.regions[index]);
  }
  if (memoryMap.length > MAX_REGION_LINES) {
    beginField("");
    printDim(`... and ${memoryMap.length - MAX_REGION_LINES} more regions`);
  }
}

function reportRegion(region: MemoryRegion): void {
  const start: u64 = region.first * PAGE_SIZE;
  const end: u64 = region.end * PAGE_SIZE;
  beginField("");
  print(`${hex(start, 16)}  ${hex(end - 1n, 16)}  `);
  printSize(end - start);
  setStyle(kindStyle(region.kind));
  print(`  ${kindName(region.kind)}`);
}

function reportMemory(): void {
  const report = memoryReport;
  beginSection("Memory");
  printSize(report.ramFrames * PAGE_SIZE);
  printDim(`  RAM, ${report.ramFrames} frames of 4 KiB`);
  beginField("free");
  setStyle(Style.Good);
  printSize(report.freeFrames * PAGE_SIZE);
  printDim(`  ${report.freeFrames} frames, ${report.reclaimedFrames} taken back from the boot loader`);
  beginField("kernel");
  setStyle(Style.Accent);
  printSize(report.keptFrames() * PAGE_SIZE);
  printDim("  for itself:");
  printPart("image", report.imageFrames);
  printPart("frame bitmap", report.bitmapFrames);
  printPart("frame infos", report.infoFrames);
  printPart("page tables", report.tableFrames);
}

function printPart(name: string, frames: u64): void {
  printDim(`  ${name} `);
  print(`${(frames * PAGE_SIZE) / 1024n} KiB`);
}

function reportTables(): void {
  const tables = memoryReport.tables;
  const leaves = memoryReport.leaves;
  beginSection("Page tables");
  if (tables[5] !== 0) print(`${tables[5]} PML5, `);
  print(`${tables[4]} PML4, ${tables[3]} PDPT, ${tables[2]} PD, ${tables[1]} PT`);
  beginField("leaves");
  print(`${leaves[3]} of 1 GiB, ${leaves[2]} of 2 MiB, ${leaves[1]} of 4 KiB`);
  beginField("direct map");
  print(`${physToVirt(physAddr(0n))}`);
  printDim(" shows physical address 0");
}

/** When each step was done, a few on a line. */
function reportTime(): void {
  beginSection("Time");
  printDim("of each step since the kernel was entered");
  for (let index: u32 = 0; index < bootSteps.count; index += 1) {
    const step = bootSteps.steps[index];
    if (index % STEPS_PER_LINE === 0) beginField("");
    printMilliseconds(microseconds(step.ticks));
    const isLast = index % STEPS_PER_LINE === STEPS_PER_LINE - 1 || index + 1 === bootSteps.count;
    if (isLast) printDim(`  ${step.name}`);
    else printDim(`  ${alignLeft(step.name, 12)}`);
  }
  printLine("");
  printLine("");
}

// --- Layout ----------------------------------------------------------------------------------------------------------

/** A heading; what follows stands on its line. */
function beginSection(title: string): void {
  printLine("");
  setStyle(Style.Heading);
  print(`  ${alignLeft(title, NAME_COLUMNS)}`);
  setStyle(Style.Plain);
}

/** A line of a section with a name in front; what follows stands on it. */
function beginField(name: string): void {
  printLine("");
  setStyle(Style.Dim);
  print(`  ${alignLeft(name, NAME_COLUMNS)}`);
  setStyle(Style.Plain);
}

function printDim(message: Message): void {
  setStyle(Style.Dim);
  print(message);
  setStyle(Style.Plain);
}

// --- Words -----------------------------------------------------------------------------------------------------------

function entryText(entry: EntryKind): string {
  switch (entry) {
    case EntryKind.Limine:
      return ", Limine entry";
    case EntryKind.Multiboot2:
      return ", Multiboot2 entry";
    case EntryKind.Pvh:
      return ", direct boot";
  }
}

/** The value of `entry=` in the event. */
function entryWord(entry: EntryKind): string {
  switch (entry) {
    case EntryKind.Limine:
      return "limine";
    case EntryKind.Multiboot2:
      return "multiboot2";
    case EntryKind.Pvh:
      return "pvh";
  }
}

function clockOrigin(): string {
  switch (clockSource()) {
    case ClockSource.Stated:
      return "as the processor states";
    case ClockSource.Measured:
      return "measured against the interval timer";
    case ClockSource.Assumed:
      return "assumed, nothing to measure it against";
  }
}

function kindName(kind: MemoryKind): string {
  switch (kind) {
    case MemoryKind.Usable:
      return "usable";
    case MemoryKind.Reserved:
      return "reserved";
    case MemoryKind.AcpiReclaimable:
      return "ACPI tables";
    case MemoryKind.AcpiNvs:
      return "ACPI non-volatile";
    case MemoryKind.BadMemory:
      return "bad";
    case MemoryKind.BootloaderReclaimable:
      return "boot loader, reclaimed";
    case MemoryKind.KernelAndModules:
      return "kernel and modules";
    case MemoryKind.Framebuffer:
      return "framebuffer";
    case MemoryKind.ReservedMapped:
      return "reserved, mapped";
  }
}

function kindStyle(kind: MemoryKind): Style {
  switch (kind) {
    case MemoryKind.Usable:
      return Style.Good;
    case MemoryKind.BootloaderReclaimable:
      return Style.Heading;
    case MemoryKind.KernelAndModules:
      return Style.Accent;
    case MemoryKind.BadMemory:
      return Style.Error;
    case MemoryKind.Framebuffer:
      return Style.Warning;
    default:
      return Style.Dim;
  }
}

// --- Events ----------------------------------------------------------------------------------------------------------

function sendEvents(info: BootInfo): void {
  const entry = entryWord(info.entry);
  const revision = info.protocolRevision;
  const free = memoryReport.freeFrames;
  event(`boot loader="${info.loaderName}" entry=${entry} revision=${revision} frames_free=${free}`);
  sendMemoryEvents();
  sendTimeEvents();
}

function sendMemoryEvents(): void {
  const report = memoryReport;
  const tables = report.tables;
  const leaves = report.leaves;
  const ram = report.ramFrames;
  const managed = report.managedFrames;
  const image = report.imageFrames;
  const bitmap = report.bitmapFrames;
  event(`memory ram=${ram} managed=${managed} free=${report.freeFrames} reclaimed=${report.reclaimedFrames}`);
  const infos = report.infoFrames;
  event(
    `kept frames=${report.keptFrames()} image=${image} bitmap=${bitmap} infos=${infos} tables=${report.tableFrames}`,
  );
  event(`tables pml5=${tables[5]} pml4=${tables[4]} pdpt=${tables[3]} pd=${tables[2]} pt=${tables[1]}`);
  event(`leaves gib=${leaves[3]} mib=${leaves[2]} kib=${leaves[1]}`);
}

function sendTimeEvents(): void {
  for (let index: u32 = 0; index < bootSteps.count; index += 1) {
    const step = bootSteps.steps[index];
    event(`time step=${step.name} ticks=${step.ticks}`);
  }
}
