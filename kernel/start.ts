/**
 * From the first instruction in TypeScript to a kernel that owns its memory. Each step may use all before it:
 * from the first one on there is a log, from the traps on a mistake explains itself.
 */
import { virtAddr } from "../arch/x86_64/addresses";
import { initSegments } from "../arch/x86_64/segments";
import { initSerial } from "../arch/x86_64/serial";
import { entryTimestamp } from "../arch/x86_64/timestamp";
import { type BootInfo } from "../boot/bootInfo";
import { readBootInfo } from "../boot/limine";
import { reportBoot } from "./bootReport";
import { markStep, markStepAt } from "./bootSteps";
import { elapsedAt, refineClock, startClock } from "./clock";
import { options, parseCommandLine } from "./commandLine";
import { offerFramebuffer, showOnFramebuffer } from "./console/console";
import { initMemory } from "./mm/init";
import { memoryReport } from "./mm/memoryReport";
import { openSystemCalls } from "./process/systemCalls";
import { initTraps } from "./trap";

/** Boots. What it returns stays valid for good. */
export function startKernel(): BootInfo {
  startClock(entryTimestamp());
  void initSerial();
  initSegments();
  initTraps();
  openSystemCalls();
  markStep("traps");
  const info = readBootInfo();
  offerScreen(info);
  parseCommandLine(info.commandLine);
  sayLoader(info);
  markStep("loader");
  initMemory(info, options.physmap, options.processContexts);
  markMemorySteps();
  log.info(`paging on, ${memoryReport.freeFrames} frames free`);
  refineClock();
  markStep("clock");
  showScreen(info);
  markStep("screen");
  reportBoot(info);
  return info;
}

/** What went on inside of initMemory. */
function markMemorySteps(): void {
  markStepAt("map", elapsedAt(memoryReport.mapTicks));
  markStepAt("allocator", elapsedAt(memoryReport.allocatorTicks));
  markStepAt("tables", elapsedAt(memoryReport.tablesTicks));
  markStepAt("paging", elapsedAt(memoryReport.pagingOnTicks));
  markStepAt("proof", elapsedAt(memoryReport.proofTicks));
  markStepAt("reclaim", elapsedAt(memoryReport.reclaimTicks));
}

function sayLoader(info: BootInfo): void {
  const space = byteLength(info.loaderVersion) > 0 ? " " : "";
  log.info(`started by ${info.loaderName}${space}${info.loaderVersion}`);
}

/** Until memory is up the screen is for a panic only. */
function offerScreen(info: BootInfo): void {
  const screen = info.framebuffer;
  if (screen.present) offerFramebuffer(screen, virtAddr(info.hhdmBase + screen.address));
}

/** The loader's framebuffer, where there is one, shows everything said so far and from now on. */
function showScreen(info: BootInfo): void {
  const screen = info.framebuffer;
  if (!screen.present) return;
  const shown = showOnFramebuffer(screen, memoryReport.framebufferAddress);
  if (!shown) log.warn(`no text fits on a framebuffer of ${screen.width} x ${screen.height} pixels`);
}
