// The language-service plugin, through tsserver, as an editor uses it: a file is opened with a mistake in it, the
// compiler's diagnostic is there, and its quick fix, applied, makes it go away.

import { spawn, type ChildProcessWithoutNullStreams } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

const ROOT = resolve(import.meta.dirname, "../..");

interface Position {
  line: number;
  offset: number;
}
interface EditorDiagnostic {
  start: Position;
  end: Position;
  text: string;
  code: number;
  source?: string;
}
interface TextChange {
  start: Position;
  end: Position;
  newText: string;
}
interface CodeFix {
  fixName: string;
  description: string;
  changes: { textChanges: TextChange[] }[];
}

/** A tsserver process, asked one thing at a time. */
class Editor {
  private readonly server: ChildProcessWithoutNullStreams;
  private readonly waiting = new Map<number, (body: unknown) => void>();
  private sequence = 0;

  constructor(readonly folder: string) {
    this.server = spawn(process.execPath, [join(ROOT, "node_modules/typescript/lib/tsserver.js")], { cwd: folder });
    createInterface({ input: this.server.stdout }).on("line", (line) => {
      if (!line.startsWith("{")) return;
      const message = JSON.parse(line) as { type: string; request_seq: number; body?: unknown };
      if (message.type === "response") this.waiting.get(message.request_seq)?.(message.body);
    });
  }

  private send(command: string, args: unknown): number {
    this.sequence += 1;
    this.server.stdin.write(`${JSON.stringify({ seq: this.sequence, type: "request", command, arguments: args })}\n`);
    return this.sequence;
  }

  private ask(command: string, args: unknown): Promise<unknown> {
    const sequence = this.send(command, args);
    return new Promise((answer) => this.waiting.set(sequence, answer));
  }

  async diagnostics(name: string, fileContent: string): Promise<EditorDiagnostic[]> {
    const file = join(this.folder, name);
    this.send("open", { file, fileContent });
    return (await this.ask("semanticDiagnosticsSync", { file })) as EditorDiagnostic[];
  }

  async fixes(name: string, { start, end, code }: EditorDiagnostic): Promise<CodeFix[]> {
    const place = { startLine: start.line, startOffset: start.offset, endLine: end.line, endOffset: end.offset };
    const fixes = await this.ask("getCodeFixes", { file: join(this.folder, name), ...place, errorCodes: [code] });
    return (fixes as CodeFix[]).filter((fix) => fix.fixName.startsWith("tessera"));
  }

  close(): void {
    this.server.kill();
  }
}

const offsetOf = (text: string, { line, offset }: Position): number =>
  text
    .split("\n")
    .slice(0, line - 1)
    .reduce((sum, previous) => sum + previous.length + 1, offset - 1);

function apply(text: string, fix: CodeFix): string {
  const changes = fix.changes.flatMap((change) => change.textChanges);
  const lastFirst = changes.toSorted((left, right) => offsetOf(text, right.start) - offsetOf(text, left.start));
  return lastFirst.reduce(
    (result, { start, end, newText }) =>
      result.slice(0, offsetOf(text, start)) + newText + result.slice(offsetOf(text, end)),
    text,
  );
}

let editor: Editor;

beforeAll(() => {
  const folder = mkdtempSync(join(tmpdir(), "tessera-editor-"));
  const options = { extends: join(ROOT, "tsconfig.json"), files: [join(ROOT, "compiler/lang/kernel.d.ts"), "case.ts"] };
  writeFileSync(join(folder, "tsconfig.json"), JSON.stringify({ ...options, include: [] }));
  writeFileSync(join(folder, "case.ts"), "");
  editor = new Editor(folder);
});

afterAll(() => {
  editor.close();
  rmSync(editor.folder, { recursive: true });
});

const FIXED: readonly { code: string; source: string; fixed: string }[] = [
  {
    code: "TK1002",
    source: "export function same(a: u32): bool {\n  return a == 4;\n}\n",
    fixed: "export function same(a: u32): bool {\n  return a === 4;\n}\n",
  },
  {
    code: "TK2001",
    source: "export function first(a: bigint): void {}\n",
    fixed: "export function first(a: u64): void {}\n",
  },
  {
    code: "TK2005",
    source: "export function f(flags: u64): void {\n  if (flags & 4n) return;\n}\n",
    fixed: "export function f(flags: u64): void {\n  if ((flags & 4n) !== 0n) return;\n}\n",
  },
  {
    code: "TK2010",
    source: "function g(): u32 {\n  return 1;\n}\nexport function f(): void {\n  g();\n}\n",
    fixed: "function g(): u32 {\n  return 1;\n}\nexport function f(): void {\n  void g();\n}\n",
  },
  {
    code: "TK2025",
    source: "export function f(a: i32, b: u32): bool {\n  return a < b;\n}\n",
    fixed: "export function f(a: i32, b: u32): bool {\n  return a < i32(b);\n}\n",
  },
  {
    code: "TK2028",
    source: "export function f(a: u32, count: i32): u32 {\n  return a << count;\n}\n",
    fixed: "export function f(a: u32, count: i32): u32 {\n  return a << u32(count);\n}\n",
  },
];

describe("the language-service plugin", () => {
  test.each(FIXED)("$code is shown, and its quick fix makes it go away", async ({ code, source, fixed }) => {
    const [diagnostic, ...others] = await editor.diagnostics("case.ts", source);
    expect(others).toEqual([]);
    expect(diagnostic?.text).toMatch(new RegExp(`^${code}: .*\\nsuggestion: `));
    expect(diagnostic?.source).toBe("tessera");
    const fixes = await editor.fixes("case.ts", diagnostic);
    const results = fixes.map((fix) => apply(source, fix));
    expect(results).toContain(fixed);
    expect(await editor.diagnostics("case.ts", fixed)).toEqual([]);
  });

  test("underlines just what the diagnostic is about", async () => {
    const [diagnostic] = await editor.diagnostics(
      "case.ts",
      "export function f(a: u32): void {\n  if (a) return;\n}\n",
    );
    expect(diagnostic).toMatchObject({ start: { line: 2, offset: 7 }, end: { line: 2, offset: 8 } });
  });

  test("leaves tsc's own diagnostics to tsc, once", async () => {
    const found = await editor.diagnostics("case.ts", 'export const wrong: u32 = "text";\n');
    expect(found.map((diagnostic) => diagnostic.code)).toEqual([2322]);
  });

  test("survives a file that is not finished", async () => {
    const found = await editor.diagnostics("case.ts", "export function f(a: u32 {\n  if (a &\n");
    expect(found.filter((diagnostic) => diagnostic.source === "tessera")).toEqual([]);
  });
});
