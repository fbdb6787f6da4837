/**
 * The figures of `make bench` that are the same in every run: instructions, and memory that the kernel keeps.
 *
 *     boot() with -icount shift=0,sleep=off --> @bench and @time events --> figures by name
 *
 * One tick of the time-stamp counter is then one instruction.
 */
import { boot, onlyEvent, testKernelElf, type BootResult } from "../harness/boot";

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

/** Instructions of one operation, for each that test/metal/memoryBench.ts measures. */
export async function measureOperations(): Promise<Map<string, number>> {
  const measured = new Map<string, number>();
  for (const name of ["bench-frames", "bench-pages"]) {
    const commandLine = `test=${name} events`;
    const result = await boot({ elf: testKernelElf, commandLine, icount: true, memory: "256M", cpu: "max" });
    for (const { values } of result.events.filter((event) => event.name === "bench"))
      measured.set(values["name"] ?? "", Number(values["ticks"]) / Number(values["count"]));
  }
  return measured;
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

/** Every figure that counts.txt holds. */
export async function measureCounts(): Promise<Map<string, number>> {
  const counts = await measureOperations();
  for (const machine of MACHINES) counts.set(`paging-${machine.name}`, (await measureBoot(machine)).paging);
  return counts;
}
