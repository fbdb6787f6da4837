/**
 * Traps: every exception that can be caused is caused, and every report is read.
 *
 * Caused for real: #DE #DB NMI #BP #UD #NM #DF #TS #NP #SS #GP #PF #MF. Nothing in QEMU makes ring 0 raise the others:
 * #OF, #BR, #MC, #XM, #VE, #HV and the reserved vectors are checked by `int n` (test=software-exceptions), and #AC, #CP,
 * #VC, #SX, which push an error code, by entering their stubs with the stack the CPU would leave.
 */
import { describe, expect, test } from "vitest";
import { boot, EXIT_PANIC, onlyEvent, testKernelElf, type BootOptions, type BootResult } from "../harness/boot";

/** Runs a test of the test kernel that comes back. */
async function pass(name: string, options: Pick<BootOptions, "cpu" | "machine"> = {}): Promise<BootResult> {
  const result = await boot({ elf: testKernelElf, commandLine: `test=${name} events`, ...options });
  expect(onlyEvent(result, "test")).toEqual({ name, result: "pass" });
  return result;
}

/** Runs a test of the test kernel that ends in a report. */
async function fail(name: string): Promise<BootResult> {
  return boot({ elf: testKernelElf, commandLine: `test=${name} events`, expectExit: EXIT_PANIC });
}

/** Runs a demo of the kernel up to its report. */
async function demo(name: string): Promise<BootResult> {
  return boot({ commandLine: `demo=${name} events exit`, expectExit: EXIT_PANIC });
}

/** The lines must hold these, in this order, with others between. */
function expectInOrder(result: BootResult, expected: readonly (string | RegExp)[]): void {
  let from = 0;
  for (const wanted of expected) {
    const matches = (line: string): boolean => (typeof wanted === "string" ? line.includes(wanted) : wanted.test(line));
    const at = result.lines.findIndex((line, index) => index >= from && matches(line));
    if (at < 0) throw new Error(`no line like ${String(wanted)} from line ${from} on in:\n${result.serial}`);
    from = at + 1;
  }
}

/** A line of a stack trace. */
function placeIn(name: string): RegExp {
  return new RegExp(`^    at ${name} \\(test/metal/\\w+\\.(?:ts|asm):\\d+\\)`);
}

describe("many faults in one boot", () => {
  const names = [
    "probes",
    "write-xor-execute",
    "guard-pages",
    "unmapped",
    "protections-on",
    "user-pages",
    "reserved-bit",
    "nmi",
    "symbols",
    "exceptions",
    "software-exceptions",
    "trap-registers",
    "stack-overflow-caught",
  ];
  test.each(names)("test=%s", async (name) => {
    await pass(name);
  });

  test.each(["write-xor-execute", "unmapped", "protections-on", "user-pages", "exceptions"])(
    "test=%s on a CPU without SMEP, SMAP, UMIP",
    async (name) => {
      await pass(name, { cpu: "qemu64" });
    },
  );

  test.each(["max,-smep", "max,-smap", "max,-umip", "max,-pge", "max,-mce"])(
    "test=protections-on with -cpu %s",
    async (cpu) => {
      await pass("protections-on", { cpu });
    },
  );

  test.each(["pc", "microvm"] as const)("test=exceptions on machine %s", async (machine) => {
    await pass("exceptions", { machine });
  });

  test("a breakpoint is reported with its place, and continues", async () => {
    const result = await pass("breakpoint");
    expectInOrder(result, [
      /breakpoint before 0xffffffff8/,
      /at cause_breakpoint \(test\/metal\/trapCauses\.asm:\d+\)/,
      "went on behind the breakpoint",
    ]);
  });

  test("no interrupt arrives that nobody asked for", async () => {
    for (const machine of ["q35", "pc"] as const) {
      expect((await pass("silence", { machine })).serial).not.toContain("unexpected interrupt");
    }
  });

  test("each of the 224 other vectors is reported once, and the kernel goes on", async () => {
    const { lines } = await pass("unexpected-interrupts");
    const seen = lines.map((line) => /unexpected interrupt, vector (\d+)/.exec(line)?.[1]).filter(Boolean);
    expect(seen.map(Number)).toEqual(Array.from({ length: 224 }, (_, index) => index + 32));
  });
});

describe("one exception for good, and its report", () => {
  interface Case {
    test: string;
    heading: string;
    error: string | RegExp;
    /** The assembly routine or test that faults, and the test that calls it. */
    routine: string;
    caller?: string;
  }
  const cases: Case[] = [
    {
      test: "divide-error",
      heading: "DIVIDE ERROR (#DE, vector 0)",
      error: "Error Code: none",
      routine: "cause_divide_error",
      caller: "causeDivideError",
    },
    {
      test: "debug",
      heading: "DEBUG (#DB, vector 1)",
      error: "Error Code: none",
      routine: "cause_debug",
      caller: "causeDebug",
    },
    {
      test: "nmi",
      heading: "NON-MASKABLE INTERRUPT (NMI, vector 2)",
      error: "Error Code: none",
      routine: "software_interrupts",
      caller: "causeNmi",
    },
    {
      test: "invalid-opcode",
      heading: "INVALID OPCODE (#UD, vector 6)",
      error: "Error Code: none",
      routine: "cause_invalid_opcode",
      caller: "causeInvalidOpcode",
    },
    {
      test: "device-not-available",
      heading: "DEVICE NOT AVAILABLE (#NM, vector 7)",
      error: "Error Code: none",
      routine: "cause_device_not_available",
      caller: "causeDeviceNotAvailable",
    },
    {
      test: "invalid-tss",
      heading: "INVALID TSS (#TS, vector 10)",
      error: "Error Code: 0x28 (GDT entry 5, caused by the program)",
      routine: "software_interrupts",
      caller: "causeInvalidTss",
    },
    {
      test: "segment-not-present",
      heading: "SEGMENT NOT PRESENT (#NP, vector 11)",
      error: "Error Code: 0x38 (GDT entry 7, caused by the program)",
      routine: "cause_data_segment",
      caller: "causeSegmentNotPresent",
    },
    {
      // Entry 80. QEMU 7.2 counts the 16-byte gates of long mode twice in this error code, and says 160.
      test: "gate-not-present",
      heading: "SEGMENT NOT PRESENT (#NP, vector 11)",
      error: /^Error Code: 0x(?:282|502) \(IDT entry (?:80|160), caused by the program\)$/,
      routine: "software_interrupts",
      caller: "causeGateNotPresent",
    },
    {
      test: "stack-segment",
      heading: "STACK-SEGMENT FAULT (#SS, vector 12)",
      error: "Error Code: 0x38 (GDT entry 7, caused by the program)",
      routine: "cause_stack_segment",
      caller: "causeStackSegment",
    },
    {
      test: "general-protection",
      heading: "GENERAL PROTECTION FAULT (#GP, vector 13)",
      error: "Error Code: 0x0",
      routine: "causeGeneralProtection",
    },
    {
      test: "x87-error",
      heading: "X87 FLOATING-POINT ERROR (#MF, vector 16)",
      error: "Error Code: none",
      routine: "cause_x87_error",
      caller: "causeX87Error",
    },
  ];

  test.each(cases)("test=fatal-$test: $heading", async ({ test: name, heading, error, routine, caller }) => {
    const result = await fail(`fatal-${name}`);
    expectInOrder(result, [
      `EXCEPTION: ${heading}`,
      error,
      "Stack Frame:",
      /instruction pointer 0xffffffff8[0-9a-f]{7} +code segment +0x08/,
      /stack pointer +0xffffffff8[0-9a-f]{7} +stack segment 0x10/,
      /cpu flags +0x[0-9a-f]{16}/,
      "Registers:",
      /rax 0x[0-9a-f]{16} +rbx 0x[0-9a-f]{16} +rcx 0x[0-9a-f]{16}/,
      /cr0 0x[0-9a-f]{16} +cr3 0x[0-9a-f]{16} +cr4 0x[0-9a-f]{16}/,
      "Stack trace:",
      placeIn(routine),
      ...(caller === undefined ? [] : [placeIn(caller)]),
      /at runTestKernel \(test\/metal\/main\.ts:\d+\)/,
    ]);
    expect(result.lines.filter((line) => line.includes("EXCEPTION:"))).toHaveLength(1);
  });
});

describe("reports under bad conditions", () => {
  test("a chain of frames that leads nowhere ends the trace, not the report", async () => {
    const result = await fail("fatal-damaged-frames");
    expectInOrder(result, [
      "EXCEPTION: INVALID OPCODE (#UD, vector 6)",
      /rbp 0x00000badc0ffee00/,
      "Stack trace:",
      /at cause_damaged_frames/,
    ]);
    expect(onlyEvent(result, "trap")["vector"]).toBe("6");
  });

  test("a report that runs out of stack becomes the report of a double fault", async () => {
    const result = await fail("fatal-full-stack");
    expectInOrder(result, [
      "EXCEPTION: DOUBLE FAULT (#DF, vector 8)",
      "The kernel stack is used up: that address lies in the guard page below it.",
      "Stack trace:",
      /at cause_full_stack/,
    ]);
  });

  test("a panic that cannot be printed says so in one line and ends", async () => {
    const result = await fail("fatal-report-fails");
    expectInOrder(result, [/^PANIC: /, /#PF while reporting, at 0xffffffff8/]);
    expect(result.serial).not.toContain("Stack trace:");
  });
});

describe("demos", () => {
  test("demo=pagefault reports the write of 42 to 0xdeadbeaf", async () => {
    const result = await demo("pagefault");
    expectInOrder(result, [
      "writing 42 to 0xdeadbeaf",
      "EXCEPTION: PAGE FAULT (#PF, vector 14)",
      "Accessed Address: 0x00000000deadbeaf, in the lower half, where the kernel maps nothing",
      "Error Code: 0x2 (page not present, write, supervisor mode)",
      "Stack Frame:",
      /instruction pointer 0xffffffff8/,
      "Registers:",
      "Walk of 0x00000000deadbeaf:",
      /PML4\[ *0\]/,
      "Stack trace:",
      /at writeAnswer \(kernel\/demo\/pageFaults\.ts:\d+\)/,
      /at demoPageFault \(kernel\/demo\/pageFaults\.ts:\d+\)/,
      /at runDemo \(kernel\/main\.ts:\d+\)/,
      /at kernelMain \(kernel\/main\.ts:\d+\)/,
    ]);
    expect(onlyEvent(result, "trap")).toMatchObject({
      vector: "14",
      mnemonic: "#PF",
      error: "0x2",
      address: "0x00000000deadbeaf",
    });
  });

  test("demo=pagefault halts when the command line does not say exit", async () => {
    const result = await boot({ commandLine: "demo=pagefault", until: /^Halted\.$/ });
    expect(result.serial).toContain("Accessed Address: 0x00000000deadbeaf");
  });

  test("demo=null reports the read of the null page", async () => {
    const result = await demo("null");
    expectInOrder(result, [
      "Accessed Address: 0x0000000000000000, in the null page, which is never mapped",
      "Error Code: 0x0 (page not present, read, supervisor mode)",
      /at readThrough \(kernel\/demo\/pageFaults\.ts:\d+\)/,
    ]);
  });

  test("demo=write-rodata reports a protection violation", async () => {
    const result = await demo("write-rodata");
    expectInOrder(result, [
      /Accessed Address: 0xffffffff8[0-9a-f]{7}, in the kernel's rodata \(read\)/,
      "Error Code: 0x3 (page present, protection violation, write, supervisor mode)",
      /PML4\[511\]/,
      /PT  \[ *\d+\]/,
      /read-only, no-execute, supervisor/,
      /at writeAnswer/,
    ]);
  });

  test("demo=exec-data reports an instruction fetch", async () => {
    const result = await demo("exec-data");
    expectInOrder(result, [
      /Accessed Address: 0xffffffff8[0-9a-f]{7}, in the kernel's data \(read, write\)/,
      "Error Code: 0x11 (page present, protection violation, instruction fetch, supervisor mode)",
      /writable, no-execute, supervisor/,
      "Stack trace:",
      "at code that is not the kernel's",
      /at demoExecData \(kernel\/demo\/pageFaults\.ts:\d+\)/,
      /at runDemo/,
    ]);
  });

  test("demo=stack-overflow ends on the double fault stack, and the report names the guard page", async () => {
    const result = await demo("stack-overflow");
    expectInOrder(result, [
      "EXCEPTION: DOUBLE FAULT (#DF, vector 8)",
      /Accessed Address: 0xffffffff8[0-9a-f]{7}, in a guard page/,
      "The kernel stack is used up: that address lies in the guard page below it.",
      "Error Code: 0x0",
      /PT  \[ *\d+\].*not present/,
      "Stack trace:",
      /at dive \(kernel\/demo\/stackOverflow\.ts:\d+\)/,
      /and \d+ times more/,
      /at demoStackOverflow/,
    ]);
  });

  test("demo=double-free panics, and names the caller", async () => {
    const result = await demo("double-free");
    expectInOrder(result, [
      /^PANIC: /,
      /^Place: kernel\/mm\/frameAllocator\.ts:\d+/,
      "Stack trace:",
      /at freeFrame/,
      /at demoDoubleFree \(kernel\/demo\/doubleFree\.ts:\d+\)/,
    ]);
    expect(onlyEvent(result, "panic")["place"]).toMatch(/^kernel\/mm\/frameAllocator\.ts:\d+$/);
  });

  test("a demo that does not exist is named in a warning, and the boot goes on", async () => {
    const result = await boot({ commandLine: "demo=nonsense exit" });
    expectInOrder(result, ["demo=nonsense", "demo=pagefault", "demo=double-free"]);
  });
});
