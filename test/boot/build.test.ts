/**
 * The build itself: it makes what it promises, the same bytes every time and nothing twice; what is missing or wrong
 * stops it with one sentence.
 */
import { execFileSync, spawn, spawnSync } from "node:child_process";
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { buildDirectory } from "../harness/boot";

let scratch: string;

beforeAll(() => {
  scratch = mkdtempSync(join(tmpdir(), "tessera-build-"));
});

afterAll(() => rmSync(scratch, { recursive: true, force: true }));

interface Outcome {
  status: number | null;
  /** Standard output and standard error. */
  output: string;
}

function run(command: string, parameters: string[], environment: Record<string, string> = {}): Outcome {
  const env: NodeJS.ProcessEnv = { ...process.env, ...environment };
  for (const inherited of ["MAKEFLAGS", "MAKELEVEL", "MFLAGS"]) delete env[inherited];
  const { status, stdout, stderr } = spawnSync(command, parameters, { env, encoding: "utf8" });
  return { status, output: `${stdout}${stderr}` };
}

function make(...parameters: string[]): Outcome {
  return run("make", ["--no-print-directory", ...parameters]);
}

/** The words that the build would print first on its lines if `file` had changed, each once: COMPILE, CC, LD, ... */
function stepsAfterChangeOf(file: string): string[] {
  const { status, output } = make("-n", "-W", file, `BUILD=${buildDirectory}`, "all");
  expect(status).toBe(0);
  const steps = [...output.matchAll(/printf ' {2}%-8s %s\\n' (\w+)/g)].map((match) => match[1] ?? "");
  return [...new Set(steps)];
}

describe("what is built", () => {
  test("the ELF has its C, its disassembly and its symbols beside it", () => {
    expect(readFileSync(join(buildDirectory, "tessera.c"), "utf8")).toContain("#line");
    expect(readFileSync(join(buildDirectory, "tessera.asm"), "utf8")).toContain("kernel_main");
    expect(readFileSync(join(buildDirectory, "tessera.sym"), "utf8")).toContain("kernelMain");
  });

  test("make alone makes the kernel", () => {
    const { status, output } = make("-n", "-W", "kernel/main.ts", `BUILD=${buildDirectory}`);
    expect(status).toBe(0);
    expect(output).toContain("COMPILE kernel/main.ts");
  });

  test("the kernel keeps the rules of make report", () => {
    const { status, output } = make(`BUILD=${buildDirectory}`, "report");
    expect(output).toMatch(/^Rules\n-----\n {2}all kept$/m);
    expect(status).toBe(0);
  });

  test("a second make has nothing to do", () => {
    expect(make(`BUILD=${buildDirectory}`, "kernels")).toEqual({ status: 0, output: "" });
  });

  test("two builds in different places give the same bytes", () => {
    const other = join(scratch, "other");
    expect(make(`BUILD=${other}`, "all").status).toBe(0);
    for (const name of ["tessera.c", "tessera.memory.c", "tessera.process.c", "tessera.devices.c", "tessera.elf"]) {
      const same = readFileSync(join(other, name)).equals(readFileSync(join(buildDirectory, name)));
      expect(same, name).toBe(true);
    }
  });
});

describe("bundled tools", () => {
  test("the bundled compiler writes what its sources write", () => {
    const compiled = (name: string, ...program: string[]): Buffer => {
      const out = join(scratch, name);
      const outcome = run(process.execPath, [...program, "--out", out, "kernel/main.ts"]);
      expect(outcome).toEqual({ status: 0, output: "" });
      return readFileSync(out);
    };
    const bundled = compiled("bundled.c", join(buildDirectory, "tools/compiler.cjs"));
    expect(bundled.equals(compiled("sources.c", "--import", "tsx", "compiler/src/main.ts"))).toBe(true);
  });

  test("the bundled compiler says of a wrong program what its sources say", () => {
    const wrong = join(scratch, "wrong.ts");
    const said = (...program: string[]): Outcome =>
      run(process.execPath, [...program, "--target", "host", "--out", join(scratch, "wrong.c"), wrong]);
    for (const text of [
      'export function main(): void {\n  const count: u32 = "one";\n  panic(`${count.length} ${missing}`);\n}\n',
      "export function main(): void {\n  for (const key in {}) panic(key);\n}\n",
      "export function main(): void {\n  let count: u32 = 5;\n  count <<= 40;\n  panic(count);\n",
    ]) {
      writeFileSync(wrong, text);
      const outcome = said(join(buildDirectory, "tools/compiler.cjs"));
      expect(outcome.status).toBe(1);
      expect(outcome).toEqual(said("--import", "tsx", "compiler/src/main.ts"));
    }
  });

  test("a changed tool never runs with the code of its former text", () => {
    const tool = join(scratch, "tool.cjs");
    copyFileSync(join(buildDirectory, "tools/compiler.cjs"), tool);
    const says = (word: string): void => {
      writeFileSync(join(scratch, "tool.bundle.cjs"), `console.log("${word}", process.argv.slice(2).join(" "));`);
      for (let times = 0; times < 2; times += 1) {
        expect(run(process.execPath, [tool, "--option", "x"])).toEqual({
          status: 0,
          output: `${word} --option x\n`,
        });
      }
    };
    says("one");
    says("two");
    const kept = readdirSync(scratch).filter((name) => name.startsWith("tool.bundle.cjs."));
    expect(kept).toHaveLength(1);
  });

  test("code that V8 refuses is made anew", () => {
    const code = readdirSync(scratch).find((name) => name.startsWith("tool.bundle.cjs.")) ?? "";
    const length = readFileSync(join(scratch, code)).length;
    writeFileSync(join(scratch, code), "not what V8 wrote");
    expect(run(process.execPath, [join(scratch, "tool.cjs")]).output).toBe("two \n");
    expect(readFileSync(join(scratch, code)).length).toBeGreaterThan(length / 2);
  });
});

describe("the compiler that stays", () => {
  test("compiles again after each change, and says what is wrong until it is mended", async () => {
    const folder = mkdtempSync(join(scratch, "watched-"));
    const entry = join(folder, "main.ts");
    const helper = join(folder, "helper.ts");
    const out = join(folder, "out/program.c");
    const write = (result: string): void =>
      writeFileSync(helper, `export function one(): u32 {\n  return ${result};\n}\n`);
    writeFileSync(
      entry,
      'import { one } from "./helper";\nexport function main(): void {\n  log.info(`${one()}`);\n}\n',
    );
    write("1");
    const compiler = join(buildDirectory, "tools/compiler.cjs");
    const options = ["--target", "host", "--out", out, "--watch", "--then", "echo made", entry];
    const watching = spawn(process.execPath, [compiler, ...options], { stdio: ["ignore", "pipe", "pipe"] });
    let said = "";
    watching.stdout.on("data", (data: Buffer) => (said += data.toString()));
    watching.stderr.on("data", (data: Buffer) => (said += data.toString()));
    const round = async (): Promise<string> => {
      await vi.waitUntil(() => said.includes("waiting for changes\n"), { timeout: 60_000 });
      const text = said;
      said = "";
      return text;
    };
    try {
      expect(await round()).toMatch(/^made\n/);
      expect(readFileSync(out, "utf8")).toContain("return 1u");
      write("2");
      expect(await round()).toMatch(/^made\n/);
      expect(readFileSync(out, "utf8")).toContain("return 2u");
      write('"three"');
      expect(await round()).toMatch(/^.*helper\.ts:2:3: error TS2322/);
      write("missing");
      expect(await round()).toMatch(/^.*helper\.ts:2:10: error TS2304/);
      write("3");
      expect(await round()).toMatch(/^made\n/);
      expect(readFileSync(out, "utf8")).toContain("return 3u");
    } finally {
      watching.kill();
    }
  });
});

describe("what a change rebuilds", () => {
  test.each(["kernel/main.ts", "arch/x86_64/pageTable.ts", "compiler/src/main.ts", "compiler/lang/kernel.d.ts"])(
    "%s: the C, which decides about the rest",
    (file) => {
      expect(stepsAfterChangeOf(file)).toEqual(["COMPILE"]);
    },
  );

  test("a change that leaves the C as it is: no more", () => {
    const { status, output } = make("-W", "kernel/mm/frameAllocator.ts", `BUILD=${buildDirectory}`, "all");
    expect({ status, output }).toEqual({ status: 0, output: "  COMPILE  kernel/main.ts\n" });
  });

  test("one C file: that one, and the link", () => {
    const { output } = make("-n", "-W", join(buildDirectory, "tessera.memory.c"), `BUILD=${buildDirectory}`, "all");
    expect(output.match(/gcc .*/g)?.map((line) => basename(line))).toEqual(["tessera.memory.c"]);
    expect(output).toContain("LD");
  });

  test("the runtime: from the C compiler on", () => {
    expect(stepsAfterChangeOf("compiler/lang/runtime.h")).toEqual(["CC", "SYMBOLS", "LD"]);
  });

  test("one assembly file: that one, and the link", () => {
    expect(stepsAfterChangeOf("arch/x86_64/trapEntry.asm")).toEqual(["NASM", "SYMBOLS", "LD"]);
  });

  test("the linker script: the link", () => {
    expect(stepsAfterChangeOf("linker/kernel.ld")).toEqual(["SYMBOLS", "LD"]);
  });

  test("a test: nothing", () => {
    expect(stepsAfterChangeOf("test/boot/build.test.ts")).toEqual([]);
  });
});

describe("what is wrong is said in one sentence", () => {
  test("a LIMINE directory without Limine", () => {
    const { status, output } = make(`BUILD=${join(scratch, "other")}`, "LIMINE=/nonexistent", "iso");
    expect(status).not.toBe(0);
    expect(output).toMatch(/\/nonexistent/);
    expect(output).not.toMatch(/^\s+at /m);
  });

  test.each([
    ["MACHINE=toaster", /MACHINE=toaster: use one of pc, q35, microvm/],
    ["MEMORY=lots", /MEMORY=lots: write it like 256M or 8G/],
  ])("%s", (setting, sentence) => {
    const { status, output } = make(`BUILD=${buildDirectory}`, setting, "run");
    expect(status).not.toBe(0);
    expect(output).toMatch(sentence);
  });
});

describe("setup", () => {
  /** A PATH of its own: the named tools of this machine, and scripts that stand in for others. */
  function pathWith(name: string, tools: string[], standIns: Record<string, string>): string {
    const directory = join(scratch, name);
    execFileSync("mkdir", ["-p", directory]);
    for (const tool of tools) {
      const found = run("sh", ["-c", `command -v ${tool}`]).output.trim();
      if (found !== "" && !(tool in standIns)) symlinkSync(found, join(directory, tool));
    }
    for (const [tool, script] of Object.entries(standIns)) {
      writeFileSync(join(directory, tool), `#!/bin/sh\n${script}\n`);
      chmodSync(join(directory, tool), 0o755);
    }
    return directory;
  }

  const BASICS = ["sh", "dirname", "sed", "uname", "id", "cat", "cksum", "tr", "node", "npm", "gcc", "ld"];
  const REST = ["cpio", "musl-gcc", "qemu-system-x86_64", "xorriso", "mcopy", "sgdisk", "grub-mkrescue"];

  test("has nothing to do and nothing to say when all is there", () => {
    expect(run("scripts/setup", [])).toEqual({ status: 0, output: "" });
  });

  test("tells a user who is not root which command to run", () => {
    const path = pathWith("no-nasm", [...BASICS, ...REST], { "apt-get": "exit 1", id: "echo 1000" });
    const { status, output } = run("scripts/setup", [], { PATH: path });
    expect(status).not.toBe(0);
    expect(output).toMatch(/^setup: missing: nasm\. Run: sudo apt-get update && sudo apt-get install .*\bnasm\n$/);
  });

  test("names the missing tools on a system without apt", () => {
    const path = pathWith("no-apt", [...BASICS, ...REST], { dnf: "exit 1" });
    const { status, output } = run("scripts/setup", ["build"], { PATH: path });
    expect(status).not.toBe(0);
    expect(output).toMatch(/^setup: missing: nasm\. Get them with: sudo dnf install .*nasm.*\n$/);
  });

  test("says in one sentence that Node is missing", () => {
    const path = pathWith("no-node", ["sh", "dirname"], {});
    const { status, output } = run("scripts/setup", [], { PATH: path });
    expect(status).not.toBe(0);
    expect(output).toMatch(/^setup: Node is missing: install Node 20\.19 or newer[^\n]*\n$/);
  });

  test("says in one sentence that Node is too old", () => {
    const old = 'case "$1" in -e) exit 1;; --version) echo v18.19.0;; esac';
    const path = pathWith("old-node", BASICS, { node: old });
    const { status, output } = run("scripts/setup", [], { PATH: path });
    expect(status).not.toBe(0);
    expect(output).toMatch(/^setup: Node v18\.19\.0 is too old: install Node 20\.19 or newer[^\n]*\n$/);
  });

  test("runs on nothing but what a fresh machine has", () => {
    expect(existsSync("node_modules/.tessera-lock")).toBe(true);
    expect(readFileSync("scripts/setup", "utf8").startsWith("#!/bin/sh\n")).toBe(true);
  });
});
