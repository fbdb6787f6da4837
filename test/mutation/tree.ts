/**
 * A copy of the project with all mutants in it, and its programs: built once, run with one mutant at a time. Which one
 * is a word of static storage that is written into the ELF file; for Node, into the source.
 */
import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { mutate, NONE, type Site, SWITCH, switchSource } from "./sites";

const ROOT = resolve(import.meta.dirname, "../..");
const FOLDERS = ["kernel/mm", "arch/x86_64"];
/** What tells of the rest, to tests or in words. */
const NOT_MUTATED = ["kernel/mm/ledger.ts", "kernel/mm/walk.ts", "arch/x86_64/exceptions.ts"];
const SYMBOL = "arch_x86_64_mutation__mutation";

export class Tree {
  readonly sites: readonly Site[];

  constructor(readonly path: string) {
    rmSync(path, { recursive: true, force: true });
    mkdirSync(path, { recursive: true });
    for (const name of readdirSync(ROOT)) {
      if (!["node_modules", "build", ".git"].includes(name))
        cpSync(join(ROOT, name), join(path, name), { recursive: true });
    }
    symlinkSync(join(ROOT, "node_modules"), join(path, "node_modules"));
    this.sites = this.mutateAll();
    this.chooseSource(NONE);
  }

  /** Builds the test kernel, and the compiler for what comes after it. */
  buildKernel(): string {
    const elf = join(this.path, "build/tessera-test.elf");
    const make = ["--no-print-directory", "BUILD=build", "build/tessera-test.elf"];
    execFileSync("make", make, { cwd: this.path, stdio: "inherit", env: { ...process.env, BUILD: "build" } });
    return elf;
  }

  /** Builds a program of test/unit/programs for this machine; with a count it does only so much. */
  buildProgram(name: string, count: number | undefined): string {
    const entry = `test/unit/programs/${count === undefined ? name : `${name}Mutated`}.ts`;
    if (count !== undefined) {
      const text = `import { run } from "./${name}";\nexport function main(): void {\n  run(${count});\n}\n`;
      writeFileSync(join(this.path, entry), text);
    }
    const out = join("build", name);
    const compile = [
      "build/tools/start.cjs",
      "build/tools/compiler.cjs",
      "--target",
      "host",
      "--out",
      `${out}.c`,
      entry,
    ];
    execFileSync("node", compile, { cwd: this.path, stdio: "inherit" });
    const flags = ["-std=gnu11", "-O1", "-w", "-fwrapv", "-fno-strict-aliasing", "-DTESSERA_HOST"];
    const gcc = [...flags, "-Dtessera_test_exit=exit", "-I", "compiler/lang", "-o", out, `${out}.c`];
    execFileSync("gcc", gcc, { cwd: this.path, stdio: "inherit" });
    return join(this.path, out);
  }

  /** Vitest imports kernel modules from their sources. */
  chooseSource(active: number): void {
    writeFileSync(join(this.path, SWITCH), switchSource(active));
  }

  private mutateAll(): Site[] {
    const sites: Site[] = [];
    for (const folder of FOLDERS) {
      const files = readdirSync(join(ROOT, folder)).filter((name) => name.endsWith(".ts"));
      for (const file of files.map((name) => `${folder}/${name}`).filter((name) => !NOT_MUTATED.includes(name))) {
        const toSwitch = relative(folder, SWITCH)
          .replace(/\.ts$/, "")
          .replace(/^(?!\.)/, "./");
        const mutated = mutate(file, readFileSync(join(ROOT, file), "utf8"), sites.length, toSwitch);
        writeFileSync(join(this.path, file), mutated.text);
        sites.push(...mutated.sites);
      }
    }
    return sites;
  }
}

/** An ELF file in which the active mutant can be chosen. */
export class Program {
  private readonly bytes: Buffer;
  private readonly at: number;

  constructor(readonly path: string) {
    this.bytes = readFileSync(path);
    const symbols = spawnSync("nm", [path], { encoding: "utf8", maxBuffer: 1 << 26 }).stdout;
    const line = symbols.split("\n").find((each) => each.endsWith(` ${SYMBOL}`));
    if (line === undefined) throw new Error(`${path} does not know which mutant is active`);
    this.at = this.fileOffset(BigInt(`0x${line.split(" ")[0] ?? ""}`));
    if (this.bytes.readUInt32LE(this.at) !== NONE) throw new Error(`${path} does not start without a mutant`);
  }

  choose(active: number): void {
    this.bytes.writeUInt32LE(active, this.at);
    rmSync(this.path);
    writeFileSync(this.path, this.bytes, { mode: 0o755 });
  }

  /** Where a byte of memory is in the file, by the program headers. */
  private fileOffset(address: bigint): number {
    const headers = Number(this.bytes.readBigUInt64LE(0x20));
    for (let i = 0; i < this.bytes.readUInt16LE(0x38); i += 1) {
      const header = headers + i * this.bytes.readUInt16LE(0x36);
      const start = this.bytes.readBigUInt64LE(header + 16);
      const size = this.bytes.readBigUInt64LE(header + 32);
      const isLoaded = this.bytes.readUInt32LE(header) === 1;
      if (isLoaded && address >= start && address < start + size) {
        return Number(this.bytes.readBigUInt64LE(header + 8) + address - start);
      }
    }
    throw new Error(`nothing in ${this.path} is at ${address.toString(16)}`);
  }
}
