/** The symbol table: what goes into it, and that both links of the kernel agree. */
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { encodeTable } from "../../scripts/symbolsEncode";
import { readFunctions } from "../../scripts/symbolsRead";
import { buildDirectory, kernelElf, testKernelElf } from "../harness/boot";

const NAMES = new Map([
  ["kernel_a__outer", { name: "outer", file: "kernel/a.ts", line: 3 }],
  ["kernel_b__inner", { name: "inner", file: "kernel/b.ts", line: 10 }],
]);

const SYMBOLS = `ffffffff80200000 T kernel_start
ffffffff80200000 T text_start
ffffffff80200000 t kernel_a__outer
ffffffff80200020 t kernel_a__outer.part.0
ffffffff80200030 T routine
ffffffff80200034 t routine.label
ffffffff80200040 T text_end
ffffffff80201000 R symbols_start
`;

const DISASSEMBLY = `
ffffffff80200000 <kernel_a__outer>:
kernel_a__outer():
${process.cwd()}/kernel/a.ts:3
ffffffff80200000:\tpush   %rbp
ffffffff80200001:\tmov    %rsp,%rbp
ts_poke8():
${process.cwd()}/compiler/lang/runtime.h:197
inlined by ${process.cwd()}/kernel/b.ts:12 (kernel_b__inner)
inlined by ${process.cwd()}/kernel/a.ts:5 (kernel_a__outer)
ffffffff80200004:\tmovb   $0x2a,(%rbx)
kernel_a__outer():
${process.cwd()}/kernel/a.ts:6 (discriminator 1)
ffffffff80200008:\tret

ffffffff80200020 <kernel_a__outer.part.0>:
ffffffff80200020:\tret

ffffffff80200030 <routine>:
routine():
${process.cwd()}/boot/boot/entry.asm:7
ffffffff80200030:\tmov    %rax,%rbx
ffffffff80200034:\tpush   %rax
`;

describe("what the script reads", () => {
  const functions = readFunctions(SYMBOLS, DISASSEMBLY, NAMES);

  test("functions with TypeScript names, gcc's clones among them, and routines without their inner labels", () => {
    expect(functions.map(({ start, size, source }) => [start, size, source.name])).toEqual([
      [0xffffffff80200000n, 0x20, "outer"],
      [0xffffffff80200020n, 0x10, "outer"],
      [0xffffffff80200030n, 0x10, "routine"],
    ]);
  });

  test("rows lead from inlined code to the function that holds it, and leave the C header away", () => {
    expect(functions[0]?.rows.map(({ address, places }) => [address & 0xffn, places])).toEqual([
      [0n, [{ name: "outer", file: "kernel/a.ts", line: 3 }]],
      [
        4n,
        [
          { name: "inner", file: "kernel/b.ts", line: 12 },
          { name: "outer", file: "kernel/a.ts", line: 5 },
        ],
      ],
      [8n, [{ name: "outer", file: "kernel/a.ts", line: 6 }]],
    ]);
  });

  test("where a function moves RSP, and where its frame begins", () => {
    expect(functions.map(({ firstPush, frameSet }) => [firstPush, frameSet])).toEqual([
      [0, 1],
      [0xffff, null],
      [4, null],
    ]);
  });

  test("assembly files keep their path once", () => {
    expect(functions[2]?.source.file).toBe("boot/entry.asm");
  });

  test("the table starts with its header and holds all of itself", () => {
    const table = Buffer.from(encodeTable(functions));
    expect(table.subarray(0, 4).toString("latin1")).toBe("TSYM");
    expect(table.readBigUInt64LE(8)).toBe(0xffffffff80200000n);
    expect(table.readUInt32LE(16)).toBe(3);
    expect(table.readUInt32LE(48)).toBe(table.length);
  });
});

describe("the kernel's own table", () => {
  const check = (first: string, second: string): { status: number | null; stderr: string } =>
    spawnSync("node", ["--import", "tsx", "scripts/symbols.ts", "--elf", first, "--check", second], {
      encoding: "utf8",
    });

  test("no code moves between the two links", () => {
    const first = join(buildDirectory, "tessera.first.elf");
    expect(existsSync(first)).toBe(true);
    expect(check(first, kernelElf)).toMatchObject({ status: 0, stderr: "" });
  });

  test("code that moved is found, and named", () => {
    const { status, stderr } = check(kernelElf, testKernelElf);
    expect(status).toBe(1);
    expect(stderr).toMatch(/^symbols: code moved between the two links \(/);
  });

  test("every TypeScript function in the image has a file and a line", () => {
    const lines = readFileSync(join(buildDirectory, "tessera.sym"), "utf8").trimEnd().split("\n");
    const typescript = lines.filter((line) => /\.ts(?::|$)/.test(line));
    expect(typescript.length).toBeGreaterThan(100);
    expect(typescript.filter((line) => !/^[0-9a-f]{16} +[0-9a-f]+ \S+ {2}\S+\.ts:\d+$/.test(line))).toEqual([]);
    expect(lines.filter((line) => /runtime\.h|tessera\.c/.test(line))).toEqual([]);
  });

  test("a call without what it needs says so", () => {
    const run = spawnSync("node", ["--import", "tsx", "scripts/symbols.ts", "--elf", kernelElf], { encoding: "utf8" });
    expect(run.status).toBe(2);
    expect(run.stderr).toContain("needs --elf, --names and --out");
  });
});
