/**
 * The figures of `make bench` that are the same in every run: instructions, and memory that the kernel keeps.
 *
 *     boot() with -icount shift=0,sleep=off --> @bench and @time events --> figures by name
 *
 * One tick of the time-stamp counter is then one instruction. What programs ask for is measured by one of them:
 * test/user/costs.c. All is measured in two builds: with all checks, as the kernel is tested, and with checks of bounds
 * alone, where freed frames are not poisoned either.
 */
import { join } from "node:path";
import { boot, buildDirectory, kernelElf, onlyEvent, testKernelElf, type BootResult } from "../harness/boot";

/** The kernels of `make bounds-kernel`. */
export const boundsElf = join(buildDirectory, "bounds", "tessera-test.elf");
export const boundsKernelElf = join(buildDirectory, "bounds", "tessera.elf");

const testRoot = join(buildDirectory, "test-root.cpio");

/** A machine to boot. Its name stands in counts.txt. */
export interface BenchMachine {
  name: string;
  mebibytes: number;
  cpu: string;
}

export const SMALLEST: BenchMachine = { name: "256M", mebibytes: 256, cpu: "max" };
export const MACHINES: readonly BenchMachine[] = [
  SMALLEST,
  { name: "1024M", mebibytes: 1024, cpu: "max" },
  { name: "8192M", mebibytes: 8192, cpu: "max" },
  { name: "8192M-without-1gib-pages", mebibytes: 8192, cpu: "qemu64,-pdpe1gb" },
];

/** The tests of test/metal that measure. */
const BENCHES = ["bench-frames", "bench-pages", "bench-spaces", "bench-scale"];

/** Instructions of one operation, for each that a test kernel measures. */
export async function measureOperations(elf = testKernelElf): Promise<Map<string, number>> {
  const measured = new Map<string, number>();
  for (const name of BENCHES) {
    const commandLine = `test=${name} events`;
    const result = await boot({ elf, commandLine, icount: true, memory: "256M", cpu: "max" });
    for (const { values } of result.events.filter((event) => event.name === "bench"))
      measured.set(values["name"] ?? "", Number(values["ticks"]) / Number(values["count"]));
  }
  return measured;
}

/** Instructions of what a program in ring 3 asks for, from its call or access until it goes on. */
export async function measurePrograms(elf = kernelElf): Promise<Map<string, number>> {
  const commandLine = "init=/costs norandmaps log=error exit";
  const machine = { icount: true, memory: "256M", cpu: "max" } as const;
  const result = await boot({ elf, commandLine, module: testRoot, timeoutSeconds: 170, ...machine });
  const lines = result.lines.map((line) => /^cost (\S+) (\d+) (\d+)$/.exec(line)).filter((line) => line !== null);
  if (!result.lines.includes("costs ends")) throw new Error(`the program did not come to its end:\n${result.serial}`);
  return new Map(lines.map(([, name, ticks, count]) => [name ?? "", Number(ticks) / Number(count)]));
}

/** Every operation of one build: what the test kernel measures, and what a program does. */
export async function measureBuild(testKernel: string, kernel: string): Promise<Map<string, number>> {
  return new Map([...(await measureOperations(testKernel)), ...(await measurePrograms(kernel))]);
}

export interface BootFigures {
  /** Instructions from the kernel's entry until its own tables are in use. */
  paging: number;
  keptFrames: number;
}

export async function measureBoot({ mebibytes, cpu }: BenchMachine): Promise<BootFigures> {
  const memory = `${mebibytes}M`;
  const result = await boot({ commandLine: "events exit", icount: true, memory, cpu, timeoutSeconds: 120 });
  return { paging: ticksTo(result, "paging"), keptFrames: Number(onlyEvent(result, "kept")["frames"]) };
}

/** Instructions from the kernel's entry until a step was done. */
function ticksTo(result: BootResult, step: string): number {
  const event = result.events.find(({ name, values }) => name === "time" && values["step"] === step);
  if (event === undefined) throw new Error(`no @time event for ${step} in:\n${result.serial}`);
  return Number(event.values["ticks"]);
}

/** Every figure that counts.txt holds. Those of the build with bounds alone begin with `bounds-`. */
export async function measureCounts(): Promise<Map<string, number>> {
  const counts = await measureBuild(testKernelElf, kernelElf);
  for (const [name, count] of await measureBuild(boundsElf, boundsKernelElf)) counts.set(`bounds-${name}`, count);
  for (const machine of MACHINES) counts.set(`paging-${machine.name}`, (await measureBoot(machine)).paging);
  return counts;
}
