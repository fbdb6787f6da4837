/**
 * The kernel, from entry to rest: boot, show a fault when one is asked for, run programs, and stop.
 */
import { EXIT_PASSED, exitQemu } from "../arch/x86_64/debugExit";
import { haltForever } from "../arch/x86_64/halt";
import { elapsedMicroseconds } from "./clock";
import { options } from "./commandLine";
import { type Demo, DEMOS } from "./demo/demos";
import { event } from "./log";
import { runPrograms } from "./process/init";
import { startKernel } from "./start";
import { sameText } from "./text";

exportC("kernel_main", kernelMain);

/** Called by the entry code, on the kernel's own stack. */
export function kernelMain(): never {
  const info = startKernel();
  if (byteLength(options.test) > 0) log.warn("command line: test=NAME needs the test kernel, tessera-test.elf");
  log.info(`ready, ${elapsedMicroseconds() / 1000n} ms after entry`);
  event("ready");
  if (byteLength(options.demo) > 0) runDemo(options.demo);
  runPrograms(info);
  endBoot();
}

function runDemo(name: string): void {
  const demo = findDemo(name);
  if (demo !== null) {
    log.info(`demo=${name}`);
    demo.run();
    return;
  }
  log.warn(`command line: "demo=${name}" is not known, allowed are:`);
  for (const known of DEMOS) log.warn(`  demo=${known.name}`);
}

function findDemo(name: string): Demo | null {
  for (const demo of DEMOS) {
    if (sameText(demo.name, name)) return demo;
  }
  return null;
}

function endBoot(): never {
  if (options.exit) exitQemu(EXIT_PASSED);
  log.info("nothing left to do: the processor sleeps");
  haltForever();
}
