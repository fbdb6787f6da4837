/** The kernel's symbol table: that it says what binutils say, and that both links of the kernel agree. */
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { ElfFile } from "../../scripts/symbols/elf";
import { readFunctions, type NamedFunction } from "../../scripts/symbols/functions";
import { readInstruction } from "../../scripts/symbols/instructions";
import { framesFromAddr2line, framesOf, hexadecimal, instructionsOf } from "../harness/binutils";
import { buildDirectory, kernelElf, testKernelElf } from "../harness/boot";

describe("the kernel's own table", () => {
  const check = (first: string, second: string): { status: number | null; stderr: string } =>
    spawnSync("node", ["--import", "tsx", "scripts/symbols.ts", "--elf", first, "--check", second], {
      encoding: "utf8",
    });

  test.each([kernelElf, testKernelElf])("no code moves between the two links of %s", (elf) => {
    const first = elf.replace(/\.elf$/, ".first.elf");
    expect(existsSync(first)).toBe(true);
    expect(check(first, elf)).toMatchObject({ status: 0, stderr: "" });
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

  test("its lines and inlined calls are those that addr2line tells", () => {
    const names = JSON.parse(readFileSync(join(buildDirectory, "tessera.names.json"), "utf8")) as Record<
      string,
      NamedFunction
    >;
    const known = new Map(Object.entries(names));
    const functions = [...readFunctions(new ElfFile(readFileSync(kernelElf)), known)];
    const addresses = instructionsOf(kernelElf).filter((_, index) => index % 5 === 0);
    const expected = framesFromAddr2line(kernelElf, addresses, known);
    const compared = addresses.flatMap((address, index) => {
      const frames = expected[index];
      return frames === null ? [] : [{ address, frames }];
    });
    const wrong = compared.filter(({ address, frames }) => framesOf(functions, address).join() !== frames.join());
    expect(wrong.map(({ address, frames }) => [hexadecimal(address), frames, framesOf(functions, address)])).toEqual(
      [],
    );
    expect(compared.length).toBeGreaterThan(addresses.length * 0.9);
    const files = new Set(functions.flatMap(({ rows }) => rows.flatMap(({ place }) => place?.file ?? [])));
    expect([...files].filter((file) => !existsSync(file))).toEqual([]);
  });

  test("its instructions end where objdump says", () => {
    const elf = new ElfFile(readFileSync(kernelElf));
    // The Multiboot2 header in front is no code.
    const entry = elf.codeSymbols().find(({ name }) => name === "_start")?.address ?? 0;
    const addresses = instructionsOf(kernelElf).filter((address) => address >= entry);
    const wrong = addresses.slice(0, -1).filter((address, index) => {
      const length = addresses[index + 1] - address;
      return readInstruction(elf.code(address, 15), 0)?.end !== length;
    });
    expect(wrong.map(hexadecimal)).toEqual([]);
  });

  test("a call without what it needs says so", () => {
    const run = spawnSync("node", ["--import", "tsx", "scripts/symbols.ts", "--elf", kernelElf], { encoding: "utf8" });
    expect(run.status).toBe(2);
    expect(run.stderr).toContain("needs --elf, --names and --out");
  });
});
