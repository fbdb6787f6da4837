/**
 * A copy of the project with all mutants in it, and its programs: built once, run with one mutant at a time. Which one
 * is a word of static storage that is written into the ELF file; for Node, into the source. What has not changed since
 * the last run is not built again.
 */
import { execFileSync, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { mutate, NONE, type Site, SWITCH, switchSource } from "./sites";

const ROOT = resolve(import.meta.dirname, "../..");
const FOLDERS = ["kernel/mm", "arch/x86_64"];
/** What tells of the rest, to tests or in words. */
const NOT_MUTATED = ["kernel/mm/ledger.ts", "kernel/mm/walk.ts", "arch/x86_64/exceptions.ts"];
const NOT_COPIED = new Set(["node_modules", "build", ".git"]);
/** What a kernel is made of. */
const KERNEL_FOLDERS = ["arch/", "boot/", "kernel/", "compiler/lang/", "compiler/src/"];
const PROGRAM_FOLDERS = ["test/unit/programs/", "test/metal/"];
const SYMBOL = "arch_x86_64_mutation__mutation";

/** Texts by their paths in the project. */
type Files = Map<string, Buffer>;

export class Tree {
  readonly sites: readonly Site[];
  /** Tells one state of the kernel and its compiler from another. */
  readonly kernelHash: string;
  /** The same, with the programs of tests. */
  private readonly hash: string;

  constructor(readonly path: string) {
    const files: Files = new Map();
    for (const name of filesOf(ROOT)) files.set(name, readFileSync(join(ROOT, name)));
    this.sites = mutateAll(files);
    files.set(SWITCH, Buffer.from(switchSource(NONE)));
    this.kernelHash = hashOf(files, KERNEL_FOLDERS);
    this.hash = hashOf(files, [...KERNEL_FOLDERS, ...PROGRAM_FOLDERS]);
    this.write(files);
    this.chooseSource(NONE);
    if (!existsSync(join(path, "node_modules"))) symlinkSync(join(ROOT, "node_modules"), join(path, "node_modules"));
  }

  /** Builds the test kernel. */
  buildKernel(): string {
    return this.make("build/tessera-test.elf");
  }

  /** Builds a program of test/unit/programs for this machine; with a count it does only so much. */
  buildProgram(name: string, count: number | undefined): string {
    this.make("build/tools/compiler.cjs");
    const entry = `test/unit/programs/${count === undefined ? name : `${name}Mutated`}.ts`;
    if (count !== undefined) {
      const text = `import { run } from "./${name}";\nexport function main(): void {\n  run(${count});\n}\n`;
      writeFileSync(join(this.path, entry), text);
    }
    const out = join("build", name);
    const compile = ["build/tools/compiler.cjs", "--target", "host", "--out", `${out}.c`, entry];
    const stamp = join(this.path, `${out}.hash`);
    if (existsSync(stamp) && readFileSync(stamp, "utf8") === this.hash) return join(this.path, out);
    execFileSync("node", compile, { cwd: this.path, stdio: "inherit" });
    this.compileC(out);
    writeFileSync(stamp, this.hash);
    return join(this.path, out);
  }

  /** Vitest imports kernel modules from their sources. The file looks old, so that no kernel is built because of it. */
  chooseSource(active: number): void {
    writeFileSync(join(this.path, SWITCH), switchSource(active));
    utimesSync(join(this.path, SWITCH), 0, 0);
  }

  /** A folder in it without anything in it. */
  emptyFolder(name: string): string {
    const folder = join(this.path, name);
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    return folder;
  }

  private make(target: string): string {
    const make = ["--no-print-directory", "BUILD=build", target];
    execFileSync("make", make, { cwd: this.path, stdio: "inherit", env: { ...process.env, BUILD: "build" } });
    return join(this.path, target);
  }

  private compileC(out: string): void {
    const flags = ["-std=gnu11", "-O1", "-w", "-fwrapv", "-fno-strict-aliasing", "-DTESSERA_HOST"];
    const gcc = [...flags, "-Dtessera_test_exit=exit", "-I", "compiler/lang", "-o", out, `${out}.c`];
    rmSync(join(this.path, out), { force: true });
    execFileSync("gcc", gcc, { cwd: this.path, stdio: "inherit" });
  }

  /** Makes the copy what it should be, and leaves alone what is. */
  private write(files: Files): void {
    if (existsSync(this.path)) {
      for (const name of filesOf(this.path)) if (!files.has(name)) rmSync(join(this.path, name));
    }
    for (const [name, bytes] of files) {
      const path = join(this.path, name);
      if (existsSync(path) && readFileSync(path).equals(bytes)) continue;
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, bytes, { mode: name.startsWith("scripts/") ? 0o755 : 0o644 });
    }
  }
}

function filesOf(root: string, folder = ""): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const name = join(folder, entry.name);
    if (NOT_COPIED.has(name)) return [];
    if (entry.isDirectory()) return filesOf(root, name);
    return entry.isFile() ? [name] : [];
  });
}

function mutateAll(files: Files): Site[] {
  const sites: Site[] = [];
  for (const folder of FOLDERS) {
    const names = [...files.keys()].filter((name) => dirname(name) === folder && name.endsWith(".ts"));
    for (const file of names.sort().filter((name) => !NOT_MUTATED.includes(name))) {
      const toSwitch = relative(folder, SWITCH)
        .replace(/\.ts$/, "")
        .replace(/^(?!\.)/, "./");
      const mutated = mutate(file, (files.get(file) ?? "").toString(), sites.length, toSwitch);
      files.set(file, Buffer.from(mutated.text));
      sites.push(...mutated.sites);
    }
  }
  return sites;
}

function hashOf(files: Files, folders: readonly string[]): string {
  const hash = createHash("sha256");
  for (const [name, bytes] of [...files].sort(([a], [b]) => (a < b ? -1 : 1))) {
    if (folders.some((folder) => name.startsWith(folder))) hash.update(name).update(bytes);
  }
  return hash.digest("hex");
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
