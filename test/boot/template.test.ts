/**
 * `make new` and docs/tutorial.md: the kernel it makes builds and boots, and the tutorial shows exactly that kernel.
 *
 *   ```LANGUAGE FILE      a part of templates/kernel/FILE; all parts together are the whole file
 *   ```ts                 compiles; with `error TKnnnn` it fails with that code alone
 *   ```ts boots CODE      boots in the place of main.ts, and QEMU ends with CODE
 *   ```text serial        lines the kernel before it has printed
 */
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { compile } from "../../compiler/src/compile";
import { boot } from "../harness/boot";

const TEMPLATE = "templates/kernel";

interface Block {
  line: number;
  /** The words after the three backquotes. */
  words: string[];
  text: string;
}

const tutorial = readFileSync("docs/tutorial.md", "utf8");
const blocks: Block[] = [...tutorial.matchAll(/^```(.+)\n([^]*?)^```$/gm)].map(({ index, 1: info, 2: text }) => ({
  line: tutorial.slice(0, index).split("\n").length,
  words: (info ?? "").split(" "),
  text: text ?? "",
}));

let scratch: string;
let kernel: string;

beforeAll(() => {
  scratch = realpathSync(mkdtempSync(join(tmpdir(), "tessera-new-")));
  kernel = join(scratch, "below", "kernel");
});

afterAll(() => rmSync(scratch, { recursive: true, force: true }));

interface Outcome {
  status: number | null;
  stdout: string;
  stderr: string;
}

function run(command: string, ...parameters: string[]): Outcome {
  const env: NodeJS.ProcessEnv = { ...process.env };
  for (const inherited of ["MAKEFLAGS", "MAKELEVEL", "MFLAGS"]) delete env[inherited];
  const { status, stdout, stderr } = spawnSync(command, parameters, { env, encoding: "utf8" });
  return { status, stdout, stderr };
}

/** The lines of the `text serial` block after `line`. */
function serialAfter(line: number): string[] {
  const shown = blocks.find((block) => block.line > line && block.words.join(" ") === "text serial");
  return shown?.text.trimEnd().split("\n") ?? [];
}

async function buildAndBoot(expectExit: number): Promise<string[]> {
  const built = run("make", "-C", kernel);
  expect(built).toMatchObject({ status: 0, stderr: "" });
  const { lines } = await boot({
    elf: join(kernel, "build/kernel.elf"),
    memory: "64M",
    expectExit,
    timeoutSeconds: 30,
  });
  return lines;
}

describe("make new", () => {
  test("makes a kernel that builds and boots, and prints what the tutorial shows", async () => {
    expect(run("make", "--no-print-directory", "new", `DIR=${kernel}`)).toMatchObject({ status: 0, stderr: "" });
    const lines = await buildAndBoot(33);
    expect(lines).toContain("Hello from my kernel: 5050 is the sum of 1 to 100.");
    expect(lines).toEqual(expect.arrayContaining(serialAfter(0)));
  });

  test("its tsconfig makes tsc check it as an editor would", () => {
    expect(run("node_modules/.bin/tsc", "-p", kernel)).toEqual({ status: 0, stdout: "", stderr: "" });
  });

  test("the end that the tutorial asks to cause says where it is", async () => {
    const [broken] = blocks.filter(({ words }) => words[1] === "boots");
    writeFileSync(join(kernel, "main.ts"), broken?.text ?? "");
    const shown = serialAfter(broken?.line ?? 0);
    expect(shown.at(-1)).toMatch(/^panic: .* at main\.ts:\d+$/);
    expect(await buildAndBoot(Number(broken?.words[2]))).toEqual(expect.arrayContaining(shown));
  });

  test.each([
    ["no folder", "", /^new: say where the kernel shall be made: make new DIR=path$/],
    ["a folder that exists", ".", /^new: \. exists already: name a folder that does not$/],
    ["a folder with a space", "a kernel", /^new: make cannot build in a folder whose path has a space in it: .*$/],
  ])("%s: one sentence", (_, directory, sentence) => {
    const { status, stdout, stderr } = run("scripts/new", directory);
    expect({ status, stdout }).toEqual({ status: 1, stdout: "" });
    expect(stderr.trimEnd()).toMatch(sentence);
  });

  test("a Tessera that has moved: one sentence", () => {
    const { status, stderr } = run("make", "-C", kernel, "TESSERA=/nowhere");
    expect(status).toBe(2);
    expect(stderr).toContain("Tessera is not at /nowhere: say where it is with make TESSERA=path");
  });
});

describe("the tutorial", () => {
  const withoutEmptyLines = (text: string): string => text.replace(/\n+/g, "\n");

  test.each(readdirSync(TEMPLATE).filter((file) => !file.startsWith(".") && file !== "build"))(
    "shows all of %s",
    (file) => {
      const shown = blocks.filter(({ words }) => words[1] === file).map(({ text }) => text);
      expect(withoutEmptyLines(shown.join(""))).toBe(withoutEmptyLines(readFileSync(join(TEMPLATE, file), "utf8")));
    },
  );

  const examples = blocks.filter(({ words }) => words[0] === "ts" && (words.length === 1 || words[1] === "error"));

  test.each(examples)("line $line compiles, or fails as it says", ({ line, words, text }) => {
    const folder = join(scratch, "examples");
    mkdirSync(folder, { recursive: true });
    const entry = text.includes("function main()") ? "" : "\nexport function main(): void {}\n";
    writeFileSync(join(folder, `line${line}.ts`), text + entry);
    const { diagnostics } = compile({ root: folder, entry: `line${line}.ts`, target: "host" });
    expect(diagnostics.map(({ code }) => code)).toEqual(words.slice(2));
  });

  test("has no block of another kind", () => {
    const files = readdirSync(TEMPLATE);
    const known = /^(?:ts|ts error TK\d{4}|ts boots \d+|text serial)$/;
    const other = blocks.filter(({ words }) => !known.test(words.join(" ")) && !files.includes(words[1] ?? ""));
    expect(other).toEqual([]);
  });
});
