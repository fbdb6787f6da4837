/**
 * Programs in ring 3: those of test/user, each started as the first program of a boot, from a root that a loader module
 * holds. After every one the kernel has all frames and stacks back, and no file is open.
 */
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { boot, buildDirectory, onlyEvent, type BootOptions, type BootResult } from "../harness/boot";

const ROOT = join(buildDirectory, "test-root.cpio");

async function run(program: string, options: BootOptions = {}, words = ""): Promise<BootResult> {
  const commandLine = `init=/${program} ${words} events exit`;
  const result = await boot({ commandLine, module: ROOT, timeoutSeconds: 120, ...options });
  expect(onlyEvent(result, "programs-ended")).toEqual(onlyEvent(result, "programs"));
  return result;
}

/** What the programs themselves said: the lines between the kernel's own. */
function said({ lines }: BootResult): string[] {
  const start = lines.findIndex((line) => line.startsWith("@programs "));
  return lines.slice(start + 1).filter((line) => line !== "" && !/^[@[]/.test(line));
}

test("a program starts another, and hears how it ended", async () => {
  expect(said(await run("init"))).toEqual(["hello from ring 3, /hello, with an argument", "the child ended with 7"]);
});

test("the first program has its path for an argument, and its end ends all", async () => {
  expect(said(await run("hello"))).toEqual(["hello from ring 3, /hello"]);
});

/** Each attack of test/user/attacks.asm, and the exceptions that may answer it. */
const ATTACKS: readonly (readonly [attack: string, signal: number, exception: RegExp])[] = [
  ["read of kernel text", 11, /#PF/],
  ["read of the direct map", 11, /#PF/],
  ["write to kernel text", 11, /#PF/],
  ["jump into the kernel", 11, /#PF/],
  ["read at 0", 11, /#PF/],
  ["read of an address that is not canonical", 11, /#GP/],
  ["write to its own text", 11, /#PF/],
  ["jump to the stack", 11, /#PF/],
  ["jump to data", 11, /#PF/],
  ["cli", 11, /#GP/],
  ["hlt", 11, /#GP/],
  ["in", 11, /#GP/],
  ["out", 11, /#GP/],
  ["write of CR3", 11, /#GP/],
  ["write of CR4", 11, /#GP/],
  ["wrmsr", 11, /#GP/],
  ["rdmsr", 11, /#GP/],
  ["lgdt", 11, /#GP/],
  ["lidt", 11, /#GP/],
  ["ltr", 11, /#GP/],
  ["sgdt", 11, /#GP/],
  ["invlpg", 11, /#GP/],
  ["wbinvd", 11, /#GP/],
  ["swapgs", 11, /#GP/],
  // QEMU reads the frame of iretq as ring 0 would, and SMAP refuses that.
  ["iretq to ring 0", 11, /#GP|#PF/],
  ["sysret", 11, /#GP/],
  ["int of an exception", 11, /#GP/],
  ["int of the double fault", 11, /#GP/],
  ["kernel data segment", 11, /#GP/],
  ["I/O privilege by popfq", 11, /#GP/],
  ["ud2", 4, /#UD/],
  ["division by zero", 8, /#DE/],
  ["int3", 5, /#BP/],
  ["stack that does not end", 11, /#PF/],
];

test("no attack on the kernel gets through, and each ends its process alone", async () => {
  const result = await run("attacks");
  const faults = result.events.filter(({ name }) => name === "process-fault");
  expect(said(result).filter((line) => !line.startsWith(":"))).toEqual(ATTACKS.map(([attack]) => attack));
  expect(said(result).filter((line) => line.startsWith(":"))).toEqual(
    ATTACKS.map(([, signal]) => `: signal ${signal}`),
  );
  expect(faults.map(({ values }) => values["mnemonic"])).toEqual(
    ATTACKS.map(([, , exception]) => expect.stringMatching(exception) as unknown),
  );
});

test("system calls refuse pointers that are not the program's", async () => {
  const lines = said(await run("pointers"));
  const refused = lines.filter((line) => line.endsWith(": -14"));
  expect(refused).toHaveLength(11);
  expect(lines).toEqual([...refused, "the child is still there"]);
});

describe.each(["max", "qemu64", "qemu64,-apic"])("on %s", (cpu) => {
  test("programs that never rest share the processor, keep their registers, and let a sleeper wake", async () => {
    const lines = said(await run("busy", { cpu }));
    expect(lines[0]).toBe("50 ended");
    expect(lines.slice(1).sort()).toEqual(["101 ended", "102 ended"]);
  });
});

test("a program of musl's C library runs: allocator, streams, processes, and what it asks about itself", async () => {
  const [hello, ...lines] = said(await run("musl"));
  expect(hello).toBe("hello from musl, /musl; 42 and 1.500");
  expect(lines).toContain("the child of 1 is a process");
  const answers = lines.filter((line) => line !== "the child of 1 is a process");
  expect(answers).toHaveLength(25);
  expect(answers.filter((line) => !line.endsWith(": yes"))).toEqual([]);
});

/** Where the parts of a program lay that started itself twice: two records of address by name. */
function layouts(result: BootResult): Record<string, string>[] {
  return said(result).map((line) => Object.fromEntries([...line.matchAll(/(\w+)=(\w+)/g)].map(([, k, v]) => [k, v])));
}

/** Names under which two layouts have different values. */
function differences([first = {}, second = {}]: Record<string, string>[]): string[] {
  return Object.keys(first).filter((name) => first[name] !== second[name]);
}

test("nobody can know where a program lies, unless the command line says that all may", async () => {
  const moved = layouts(await run("layout-pie"));
  expect(differences(moved)).toEqual(["program", "stack", "mapping", "heap", "random"]);
  expect(differences([moved[0] ?? {}, layouts(await run("layout-pie"))[0] ?? {}])).toHaveLength(5);
  expect(differences(layouts(await run("layout")))).toEqual(["stack", "mapping", "heap", "random"]);
  const fixed = layouts(await run("layout-pie", {}, "norandmaps"));
  expect(differences(fixed)).toEqual(["random"]);
  expect(differences([fixed[0] ?? {}, layouts(await run("layout-pie", {}, "norandmaps"))[0] ?? {}])).toEqual([
    "random",
  ]);
});

test("without random numbers of its processor the kernel says that its own may be guessed", async () => {
  const cpu = "max,-rdrand,-rdseed";
  const result = await run("layout-pie", { cpu });
  expect(differences(layouts(result))).toHaveLength(5);
  expect(result.serial).toContain("the processor has no random numbers");
});

test("simulated time makes all of it the same in every run", async () => {
  const options: BootOptions = { icount: true, cpu: "max" };
  expect((await run("layout-pie", options)).serial).toBe((await run("layout-pie", options)).serial);
});

test("4,000 processes and 100,000 mappings leave nothing behind", async () => {
  expect(said(await run("rounds"))).toEqual(["4000 processes", "100000 mappings"]);
});

test("who takes all memory ends, and nobody finds what he left", async () => {
  const result = await run("eater");
  expect(said(result)).toEqual(["the child: signal 11", "all memory is zero"]);
  expect(result.serial).toMatch(/process 2 \(eater\) ends: page fault .*: OutOfMemory/);
});

describe.each(["physmap=offset", "physmap=recursive", "paging=5", "physmap=recursive paging=5"])("with %s", (mode) => {
  test("where memory is full, pages go to swap for whatever the kernel needs frames for", async () => {
    const lines = said(await run("crowd", { memory: "96M" }, `${mode} swap=32`));
    expect(lines.filter((line) => !line.endsWith(": yes"))).toEqual([]);
    expect(lines).toHaveLength(6);
  });

  test("memory calls answer what Linux answers, and do what it does", async () => {
    const lines = said(await run("memory", {}, mode));
    expect(lines.filter((line) => !line.endsWith("yes"))).toEqual(["0 failures"]);
    expect(lines.length).toBeGreaterThan(90);
  });
});

test("a first program that is missing or no program is told, and the boot goes on", async () => {
  const missing = await boot({ commandLine: "init=/none exit", module: ROOT });
  expect(missing.serial).toContain('the root has no file "/none"');
  const rest = await boot({ commandLine: "init=/text exit", module: ROOT });
  expect(rest.serial).toContain("/text cannot be started: it is shorter than the header of an ELF file");
});
