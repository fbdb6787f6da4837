/**
 * What scripts/symbols reads of ELF files: symbols, lines, inlined calls and prologues, as binutils tell them; and that
 * damage is an error that says where.
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ByteReader, ByteWriter } from "../../scripts/symbols/bytes";
import { ElfFile } from "../../scripts/symbols/elf";
import { readFunctions, type CodeFunction } from "../../scripts/symbols/functions";
import { findPrologue, readInstruction } from "../../scripts/symbols/instructions";
import { readLineProgram } from "../../scripts/symbols/lines";
import { readRanges } from "../../scripts/symbols/ranges";
import { checkPasses, makeSymbolTable } from "../../scripts/symbols/symbolTable";
import { framesFromAddr2line, framesOf, hexadecimal, instructionsOf } from "../harness/binutils";

const CROSS = process.env["CROSS"] ?? "";
const NAMES = new Map([
  ["kernel_a__outer", { name: "outer", file: "kernel/a.ts", line: 3 }],
  ["kernel_a__middle", { name: "middle", file: "kernel/a.ts", line: 20 }],
  ["kernel_b__inner", { name: "inner", file: "kernel/b.ts", line: 10 }],
  ["kernel_c__other", { name: "other", file: "kernel/c.ts", line: 1 }],
]);

/** As the compiler writes C: lines of TypeScript, and a header whose code belongs to the lines that call for it. */
const HEADER = `
static inline void ts_poke(volatile unsigned *at, unsigned value) {
  *at = value;
}
`;

const FIRST_UNIT = `
#include "runtime.h"
unsigned kernel_c__other(unsigned value);
volatile unsigned memory[16];
#line 10 "kernel/b.ts"
static inline unsigned kernel_b__inner(unsigned value) {
#line 12 "kernel/b.ts"
  for (unsigned i = 0; i < value; i++) ts_poke(&memory[i & 15], i);
#line 13 "kernel/b.ts"
  return memory[3] * value;
}
#line 20 "kernel/a.ts"
static inline unsigned kernel_a__middle(unsigned value) {
#line 21 "kernel/a.ts"
  ts_poke(&memory[1], value);
#line 22 "kernel/a.ts"
  return kernel_b__inner(value + 1) + kernel_b__inner(value + 2);
}
#line 3 "kernel/a.ts"
__attribute__((noinline)) unsigned kernel_a__outer(unsigned value) {
#line 5 "kernel/a.ts"
  if (value == 7) return kernel_c__other(value);
#line 6 "kernel/a.ts"
  return kernel_a__middle(value) + kernel_a__middle(3) + memory[value];
}
`;

const SECOND_UNIT = `
#include "runtime.h"
extern volatile unsigned memory[16];
#line 1 "kernel/c.ts"
unsigned kernel_c__other(unsigned value) {
#line 2 "kernel/c.ts"
  ts_poke(&memory[2], value);
#line 300 "kernel/c.ts"
  return memory[4];
}
`;

const ASSEMBLY = `
bits 64
section .text
global routine
routine:
    mov rax, rbx
.label:
    push rax
    pop rax
    ret
`;

const SCRIPT = `
SECTIONS {
  . = 0xffffffff80200000;
  text_start = .;
  .text : { *(.text .text.*) }
  text_end = .;
  .data : { *(.data .rodata .bss COMMON) }
  /DISCARD/ : { *(.comment .note* .eh_frame) }
}
`;

const CFLAGS =
  "-std=gnu11 -ffreestanding -fno-pic -mcmodel=kernel -mno-red-zone -mgeneral-regs-only -fno-stack-protector -fno-optimize-sibling-calls";
const directory = mkdtempSync(join(tmpdir(), "tessera-symbols-"));
afterAll(() => rmSync(directory, { recursive: true }));

beforeAll(() => {
  const files = { "runtime.h": HEADER, "first.c": FIRST_UNIT, "second.c": SECOND_UNIT, "routine.asm": ASSEMBLY };
  for (const [name, text] of Object.entries({ ...files, "link.ld": SCRIPT }))
    writeFileSync(join(directory, name), text);
});

const run = (tool: string, options: string[]): string =>
  execFileSync(tool, options, { cwd: directory, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });

/** Two C units and one of assembly as a kernel, compiled with more options. */
function build(name: string, options: string): string {
  const gcc = [
    ...CFLAGS.split(" "),
    "-fno-omit-frame-pointer",
    "-fno-asynchronous-unwind-tables",
    ...options.split(" "),
  ];
  for (const unit of ["first", "second"]) run(`${CROSS}gcc`, [...gcc, "-c", "-o", `${unit}.o`, `${unit}.c`]);
  run("nasm", ["-f", "elf64", "-g", "-F", "dwarf", "-o", "routine.o", "routine.asm"]);
  const objects = ["first.o", "second.o", "routine.o"];
  run(`${CROSS}ld`, ["-nostdlib", "-static", "-z", "noexecstack", "-T", "link.ld", "-o", name, ...objects]);
  return join(directory, name);
}

const load = (path: string): ElfFile => new ElfFile(readFileSync(path));
describe.each([
  ["the kernel's options", "-O2 -g1"],
  ["gdb's options", "-O0 -g"],
  ["gdb's options with RELEASE=1", "-O2 -g"],
  ["version 4", "-O2 -g -gdwarf-4"],
  ["version 3", "-O2 -g -gdwarf-3 -gstrict-dwarf"],
  ["functions in sections of their own", "-O2 -g1 -ffunction-sections"],
  ["compressed sections", "-O2 -g -gz=zlib"],
])("a program with %s (%s)", (name, options) => {
  let path = "";
  let functions: CodeFunction[] = [];
  beforeAll(() => {
    path = build(`${name.replaceAll(/\W/g, "-")}.elf`, options);
    functions = [...readFunctions(load(path), NAMES)];
  });

  test("has the code symbols that nm tells", () => {
    const nm = run(`${CROSS}nm`, ["--defined-only", path]);
    const expected = [...nm.matchAll(/^([0-9a-f]+) [tT] (\S+)$/gm)].map(
      ([, address, symbol]) => `${address} ${symbol}`,
    );
    const symbols = load(path).codeSymbols();
    expect(symbols.map((symbol) => `${hexadecimal(symbol.address)} ${symbol.name}`)).toEqual(expected.sort());
  });

  test("has the lines and inlined calls that addr2line tells, at every instruction", () => {
    const addresses = instructionsOf(path);
    const expected = framesFromAddr2line(path, addresses, NAMES);
    const known = addresses
      .map((address, index) => ({ address, frames: expected[index] }))
      .filter(({ frames }) => frames);
    expect(known.map(({ address }) => ({ address, frames: framesOf(functions, address) }))).toEqual(known);
    expect(known.length).toBeGreaterThan(addresses.length * 0.7);
    expect(new Set(known.flatMap(({ frames }) => frames)).size).toBeGreaterThan(10);
  });

  test("has functions with TypeScript names, and routines without their inner labels", () => {
    const names = functions.map(({ source }) => `${source.name} ${source.file}`);
    expect(names).toContain("outer kernel/a.ts");
    expect(names).toContain("other kernel/c.ts");
    expect(names.at(-1)).toBe("routine routine.asm");
    expect(functions.at(-1)).toMatchObject({ size: 6, firstPush: 3, frameSet: null });
  });

  test("has frames where its functions begin", () => {
    const outer = functions.find(({ source }) => source.name === "outer");
    expect(outer?.frameSet).not.toBeNull();
    const code = load(path).code((outer?.start ?? 0) + (outer?.frameSet ?? 0), 3);
    expect(Buffer.from(code).toString("hex")).toBe("4889e5");
  });
});

test("inlined code leads out to the function that holds it, through the C header", () => {
  const functions = [...readFunctions(load(build("chain.elf", "-O2 -g1")), NAMES)];
  const outer = functions.find(({ source }) => source.name === "outer");
  const chains = (outer?.rows ?? []).map(({ address }) => framesOf(functions, address).join(" < "));
  expect(chains).toContain("inner b.ts:12 < middle a.ts:22 < outer a.ts:6");
  expect(chains).toContain("middle a.ts:21 < outer a.ts:6");
  expect(chains).toContain("outer a.ts:6");
  const files = new Set(outer?.rows.map(({ place }) => place?.file));
  expect([...files].sort()).toEqual(["kernel/a.ts", "kernel/b.ts"]);
});

describe("the table", () => {
  test("starts with its header and holds all of itself", () => {
    const { table, text } = makeSymbolTable(readFileSync(build("table.elf", "-O2 -g1")), NAMES);
    const bytes = Buffer.from(table);
    expect(bytes.subarray(0, 4).toString("latin1")).toBe("TSYM");
    expect(bytes.readBigUInt64LE(8)).toBe(0xffffffff80200000n);
    expect(bytes.readUInt32LE(16)).toBe(text.trimEnd().split("\n").length);
    expect(bytes.readUInt32LE(48)).toBe(table.length);
    expect(text).toMatch(/^ffffffff80200[0-9a-f]{3} +[0-9a-f]+ outer {2}kernel\/a\.ts:3$/m);
  });

  test("two links agree when all code lies where it lay, and else the symbol that moved is told", () => {
    const first = readFileSync(build("first.elf", "-O2 -g1"));
    const second = readFileSync(build("second.elf", "-O0 -g1"));
    expect(checkPasses(first, first)).toBeNull();
    expect(checkPasses(first, second)).toMatch(/^ffffffff80200\w+ \w+ became ffffffff80200\w+ \w+$/);
  });
});

describe("numbers", () => {
  const reader = (...bytes: number[]): ByteReader => new ByteReader(Uint8Array.from(bytes), "bytes");

  test.each([
    [[0x00], 0, 0],
    [[0x02], 2, 2],
    [[0x7f], 127, -1],
    [[0x80, 0x01], 128, 128],
    [[0xff, 0x00], 127, 127],
    [[0x80, 0x7f], 16256, -128],
    [[0xe5, 0x8e, 0x26], 624485, 624485],
    [[0xff, 0xff, 0xff, 0xff, 0x0f], 0xffffffff, 0xffffffff],
    [[0x80, 0x80, 0x80, 0x80, 0x78], 0x7_8000_0000, -0x8000_0000],
  ])("LEB128 %j is %i, and %i with a sign", (bytes, unsignedValue, signedValue) => {
    expect(reader(...bytes).unsigned()).toBe(unsignedValue);
    expect(reader(...bytes).signed()).toBe(signedValue);
  });

  test("what is written as LEB128 is read again", () => {
    const values = [0, 1, 63, 64, 127, 128, 8191, 8192, 65535, 0x7fff_ffff];
    const writer = new ByteWriter();
    for (const value of values) {
      writer.unsigned(value);
      writer.signed(value);
      writer.signed(-value);
    }
    const written = new ByteReader(writer.take(), "written");
    for (const value of values) {
      expect([written.unsigned(), written.signed(), written.signed() + 0]).toEqual([value, value, 0 - value]);
    }
  });

  test("addresses of the kernel and of programs are exact", () => {
    expect(reader(0, 0, 0x20, 0x80, 0xff, 0xff, 0xff, 0xff).i64()).toBe(-0x7fe0_0000);
    expect(reader(0, 0, 0, 0, 0, 0x80, 0xff, 0xff).i64()).toBe(-(2 ** 47));
    expect(reader(0xff, 0xff, 0xff, 0xff, 0xff, 0x7f, 0, 0).i64()).toBe(2 ** 47 - 1);
    expect(reader(0, 0, 0, 0x80, 0, 0, 0, 0).i64()).toBe(2 ** 31);
  });

  test("numbers and texts that are cut off are errors", () => {
    expect(() => reader(1).u16()).toThrow("bytes ends too early, at 0x0");
    expect(() => reader().u8()).toThrow("bytes ends too early, at 0x0");
    expect(() => reader(0x80, 0x80).unsigned()).toThrow("bytes ends too early, at 0x2");
    expect(() => reader(...Array<number>(12).fill(0x80)).unsigned()).toThrow("bytes has a number without end");
    expect(() => reader(0x41, 0x42).text()).toThrow("bytes has a text without end");
    expect(() => reader(9, 1, 2).count()).toThrow("bytes has more entries than bytes");
  });
});

/** An ELF file of nothing but sections. */
function elfOf(sections: Readonly<Record<string, readonly number[]>>): ElfFile {
  const all = { "": [], ...sections, ".shstrtab": [] };
  const names = Object.keys(all).map((name) => Buffer.from(`${name}\0`));
  const contents = Object.entries(all).map(([name, bytes]) =>
    name === ".shstrtab" ? Buffer.concat(names) : Buffer.from(bytes),
  );
  const file = Buffer.alloc(0x40 + contents.length * 0x40);
  Buffer.from([0x7f, 0x45, 0x4c, 0x46, 2, 1]).copy(file);
  file.writeUInt16LE(62, 0x12);
  file.writeUInt32LE(0x40, 0x28);
  file.writeUInt16LE(contents.length, 0x3c);
  file.writeUInt16LE(contents.length - 1, 0x3e);
  let offset = file.length;
  for (const [index, content] of contents.entries()) {
    const header = 0x40 + index * 0x40;
    file.writeUInt32LE(Buffer.concat(names.slice(0, index)).length, header);
    file.writeUInt32LE(1, header + 4);
    file.writeUInt32LE(offset, header + 0x18);
    file.writeUInt32LE(content.length, header + 0x20);
    offset += content.length;
  }
  return new ElfFile(Buffer.concat([file, ...contents]));
}

const word = (value: number): number[] => [value & 0xff, (value >> 8) & 0xff, (value >> 16) & 0xff, value >>> 24];

describe("line programs", () => {
  const text = (value: string): number[] => [...Buffer.from(`${value}\0`)];

  /** Version 3, with line base -5, line range 14, opcode base 14: one standard opcode more than version 3 has. */
  function lineSection(program: readonly number[]): number[] {
    const counts = [0, 1, 1, 1, 1, 0, 0, 0, 1, 0, 0, 1, 2];
    const files = [...text("kernel"), 0, ...text("a.ts"), 1, 0, 0, ...text("./b.ts"), 0, 0, 0, 0];
    const header = [1, 1, 0xfb, 14, 14, ...counts, ...files];
    return [...word(2 + 4 + header.length + program.length), 3, 0, ...word(header.length), ...header, ...program];
  }

  const SET_ADDRESS = [0, 9, 2, 0, 0x10, 0, 0, 0, 0, 0, 0];
  const END = [0, 1, 1];
  const rows = (program: readonly number[]): unknown[] =>
    readLineProgram(elfOf({ ".debug_line": lineSection(program) }), 0).sequences.map((sequence) =>
      sequence.map(({ address, file, line }) => `${address.toString(16)} ${file}:${line}`),
    );

  test("copy, advance the line and the address, set the file", () => {
    expect(rows([...SET_ADDRESS, 3, 9, 1, 2, 0x80, 2, 3, 0x7e, 4, 2, 1, 2, 4, ...END])).toEqual([
      ["1000 kernel/a.ts:10", "1100 b.ts:8", "1104 :0"],
    ]);
  });

  test("special opcodes, the address of the last of them, and an advance of 16 bits", () => {
    const special = (addressStep: number, lineStep: number): number => 14 + addressStep * 14 + lineStep + 5;
    expect(rows([...SET_ADDRESS, special(0, 2), special(3, -1), 8, 1, 9, 0x34, 0x12, 1, ...END])).toEqual([
      ["1000 kernel/a.ts:3", "1003 kernel/a.ts:2", "1014 kernel/a.ts:2", "2248 kernel/a.ts:2", "2248 :0"],
    ]);
  });

  test("opcodes that say nothing here are passed over, unknown ones too", () => {
    const passedOver = [5, 3, 6, 7, 10, 11, 12, 1, 13, 0x81, 1, 2, 0, 3, 0x80, 1, 2, 0, 2, 4, 5];
    expect(rows([...SET_ADDRESS, ...passedOver, 1, 2, 1, ...END])).toEqual([["1000 kernel/a.ts:1", "1001 :0"]]);
  });

  test("each sequence begins anew, and one without rows is none", () => {
    expect(rows([...SET_ADDRESS, ...END, ...SET_ADDRESS, 3, 4, 1, ...END, ...SET_ADDRESS, 1, ...END])).toEqual([
      ["1000 kernel/a.ts:5", "1000 :0"],
      ["1000 kernel/a.ts:1", "1000 :0"],
    ]);
  });

  test("another version is an error, as is a program that is cut off", () => {
    const section = lineSection([...SET_ADDRESS, 1, ...END]);
    const version6 = section.map((byte, at) => (at === 4 ? 6 : byte));
    expect(() => readLineProgram(elfOf({ ".debug_line": version6 }), 0)).toThrow(".debug_line has version 6, at 0x6");
    const cut = elfOf({ ".debug_line": section.slice(0, -2) });
    expect(() => readLineProgram(cut, 0)).toThrow(/^\.debug_line ends too early, at 0x/);
  });
});

describe("lists of addresses", () => {
  const address = (value: number): number[] => [...word(value), ...word(value < 0 ? -1 : 0)];

  test("of version 5 have pairs of offsets, of addresses, and lengths", () => {
    const offsets = [4, 1, 3, 5, ...address(0x2000), 4, 0x80, 1, 0x90, 1];
    const list = [...offsets, 6, ...address(-16), ...address(-8), 7, ...address(0x3000), 5, 0];
    const ranges = readRanges(elfOf({ ".debug_rnglists": list }), 5, 0, 0x1000);
    expect(ranges).toEqual([
      { low: 0x1001, high: 0x1003 },
      { low: 0x2080, high: 0x2090 },
      { low: -16, high: -8 },
      { low: 0x3000, high: 0x3005 },
    ]);
    expect(() => readRanges(elfOf({ ".debug_rnglists": [9] }), 5, 0, 0)).toThrow("a range of unknown kind 9");
  });

  test("of older versions have pairs of offsets, and new places that these count from", () => {
    const list = [1, 3, -1, 0x2000, 0, 8, 0, 0].flatMap(address);
    expect(readRanges(elfOf({ ".debug_ranges": list }), 4, 0, 0x1000)).toEqual([
      { low: 0x1001, high: 0x1003 },
      { low: 0x2000, high: 0x2008 },
    ]);
    expect(() => readRanges(elfOf({ ".debug_ranges": list.slice(0, -1) }), 4, 0, 0)).toThrow(".debug_ranges ends");
  });
});

describe("damage", () => {
  const read = (bytes: Uint8Array): unknown => makeSymbolTable(bytes, NAMES);

  test("what is no ELF file for x86_64 is told", () => {
    expect(() => read(Buffer.from("#!/bin/sh\n"))).toThrow("the ELF file is no ELF file of 64 bits");
    const other = Buffer.from(readFileSync(build("machine.elf", "-O2 -g1")));
    other.writeUInt16LE(183, 0x12);
    expect(() => read(other)).toThrow("the ELF file is not for x86_64");
  });

  test("a file that is cut off is an error", () => {
    const whole = readFileSync(build("whole.elf", "-O2 -g1"));
    for (const size of [0x10, 0x3f, 0x200, whole.length >> 1, whole.length - 0x40])
      expect(() => read(whole.subarray(0, size))).toThrow(/^the ELF file is no|outside of its bytes|ends too early/);
  });

  test("wrong bytes anywhere in the sections read give a table or an error that says where", () => {
    const sound = readFileSync(build("sound.elf", "-O2 -g"));
    const elf = new ElfFile(sound);
    const sections = [".debug_info", ".debug_abbrev", ".debug_line", ".debug_rnglists", ".symtab", ".strtab"];
    let seed = 1;
    const random = (limit: number): number => {
      seed = (Math.imul(seed, 1103515245) + 12345) >>> 0;
      return (seed >>> 8) % limit;
    };
    for (const name of sections) {
      const section = elf.section(name);
      const start = section.byteOffset - sound.byteOffset;
      for (let count = 0; count < 200; count += 1) {
        const damaged = Buffer.from(sound);
        damaged[start + random(section.length)] = random(256);
        try {
          read(damaged);
        } catch (error) {
          expect((error as Error).message).toMatch(/^\.(?:debug_\w+|symtab|strtab) .+, at 0x[0-9a-f]+$|outgrown/);
        }
      }
    }
  });
});

describe("instructions", () => {
  const code = (hexadecimal: string): Uint8Array => Buffer.from(hexadecimal.replaceAll(" ", ""), "hex");

  test.each([
    ["push rbp; mov rbp, rsp", "55 4889e5", 0, 1],
    ["push rbp; mov rbp, rsp in its other encoding", "55 488bec", 0, 1],
    ["mov rbp, rsp alone", "90 4889e5", 1, 1],
    ["sub rsp, 32", "31c0 4883ec20 c3", 2, null],
    ["sub rsp, 4096", "4881ec00100000", 0, null],
    ["lea rsp, [rsp + 8]", "85c0 488d642408", 2, null],
    ["mov rsp, rax", "f3c3 4889c4", 2, null],
    ["mov rsp, gs:[8]", "65488b242508000000", 0, null],
    ["xchg rsp, rax", "4894", 0, null],
    ["mov esp, 4096", "bc00100000", 0, null],
    ["push r12", "4154", 0, null],
    ["push of an immediate, of memory, of flags, of fs", "c3 6a01", 1, null],
    ["push [rax]", "c3 ff30", 1, null],
    ["pushf", "c3 9c", 1, null],
    ["push fs", "c3 0fa0", 1, null],
    ["pop [rax]", "c3 8f00", 1, null],
    ["enter", "c3 c8100000", 1, null],
    ["leave", "c3 c9", 1, null],
    ["mov r12, rax; cmp rsp, rax; cmp rsp, 8; test rsp, rsp", "4989c4 4839c4 4883fc08 4885e4 c3", null, null],
    ["mov rax, rsp; mov r13, rsp; mov r12, [rsp]", "4889e0 4989e5 4c8b2424 c3", null, null],
    ["call, int3, ret, iretq", "e800000000 cc c3 48cf", null, null],
    ["an immediate that looks like push", "b855555555 c3", null, null],
    ["what is no instruction ends the search", "06 55", null, null],
    ["an instruction that is cut off does too", "4889", null, null],
  ])("%s", (_, bytes, firstPush, frameSet) => {
    expect(findPrologue(code(bytes))).toEqual({ firstPush, frameSet });
  });

  test("end where objdump says, whatever their prefixes, operands and immediates", () => {
    const operands = [
      "rax",
      "r12",
      "[rax]",
      "[rsp + 8]",
      "[rbp]",
      "[r13 + 1]",
      "[rax + rcx * 8 + 4096]",
      "[rel $]",
      "[4096]",
    ];
    const lines = operands.flatMap((operand) => [
      ...["add", "mov", "test", "imul"].map(
        (name) => `${name} ${name === "imul" ? `rdx, ${operand}` : `${operand}, rdx`}`,
      ),
      ...["byte", "word", "dword", "qword"].flatMap((size) =>
        operand.startsWith("[")
          ? [
              `mov ${size} ${operand}, 1`,
              `test ${size} ${operand}, 1`,
              `not ${size} ${operand}`,
              `shl ${size} ${operand}, 3`,
            ]
          : [],
      ),
      `imul rdx, ${operand}, 1000`,
      `bt ${operand.replace(/^\[/, "qword [")}, 3`,
      `cmove rdx, ${operand}`,
      `movzx edx, ${operand === "rax" ? "al" : operand === "r12" ? "r12b" : `byte ${operand}`}`,
    ]);
    const system =
      "syscall sysret swapgs cpuid rdtsc wrmsr rdmsr iretq hlt cli sti cld stac clac lfence mfence ud2 pause ret";
    lines.push(...system.split(" "), "rep movsb", "rep stosq", "lock cmpxchg [rax], rdx", "lock cmpxchg16b [rax]");
    lines.push("mov rax, 0x123456789abcdef", "mov eax, 5", "mov ax, 5", "mov al, 5", "mov rax, cr3", "mov cr3, rax");
    lines.push(
      "mov rax, [qword 0x123456789abcdef]",
      "push 5",
      "push 500",
      "pushfq",
      "enter 16, 0",
      "ret 8",
      "bswap rax",
    );
    lines.push("invlpg [rax]", "invpcid rax, [rax]", "lgdt [rax]", "lidt [rax]", "ltr ax", "in al, 5", "out dx, eax");
    lines.push(
      "jmp short $",
      "jmp near $",
      "je near $",
      "call $",
      "call rax",
      "int 3",
      "int 0x80",
      "xsave [rax]",
      "fxrstor [rax]",
    );
    lines.push(
      "crc32 eax, byte [rax]",
      "rdrand rax",
      "popcnt rax, [rax]",
      "shld rax, rdx, 3",
      "movnti [rax], rdx",
      "nop word [rax]",
    );
    writeFileSync(join(directory, "shapes.asm"), ["bits 64", "default abs", ...lines].join("\n"));
    run("nasm", ["-f", "elf64", "-o", "shapes.o", "shapes.asm"]);
    const bytes = load(join(directory, "shapes.o")).section(".text");
    const ends: number[] = [];
    for (let at = 0; at < bytes.length;) {
      at = readInstruction(bytes, at)?.end ?? Infinity;
      ends.push(at);
    }
    expect(ends).toEqual([...instructionsOf(join(directory, "shapes.o")).slice(1), bytes.length]);
    expect(ends.length).toBe(lines.length);
  });
});
