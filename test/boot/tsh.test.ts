/**
 * tsh on Tessera: somebody sits at the serial line, and what tsh and the programs of user/ say is compared with what
 * the same sources say on Node.
 */
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { CASES, type ProgramCase } from "../programs/cases";
import { boot, buildDirectory, type BootOptions, type BootResult } from "../harness/boot";
import type { TerminalSession } from "../harness/terminal";

const ROOT = join(buildDirectory, "root");
const PROMPT = "tsh> ";

/** Says a line to tsh, and hears what comes back until it asks again. */
type Say = (line: string) => Promise<string>;

async function sit(
  session: (say: Say, terminal: TerminalSession) => Promise<void>,
  options: BootOptions = {},
): Promise<BootResult> {
  return boot({
    commandLine: "init=/bin/tsh exit",
    module: join(buildDirectory, "root.cpio"),
    timeoutSeconds: 150,
    session: async (terminal) => {
      await terminal.expect(/tsh> $/);
      await session((line) => say(terminal, line), terminal);
    },
    ...options,
  });
}

async function say(terminal: TerminalSession, line: string): Promise<string> {
  terminal.type(`${line}\r`);
  const [text] = await terminal.expect(/^[^]*tsh> $/);
  return answer(text.slice(0, -PROMPT.length), line);
}

/** Without the echo of the line, and without the kernel's log. */
function answer(text: string, line: string): string {
  const lines = text.replaceAll("\r\n", "\n").split("\n");
  expect(lines[0]).toBe(line);
  return lines
    .slice(1)
    .filter((said) => !said.startsWith("["))
    .join("\n");
}

function leave(terminal: TerminalSession): void {
  terminal.type("\x04");
}

describe("programs", () => {
  /** What is typed would be echoed between the lines of the answer. */
  const cases = CASES.filter(({ input }) => input === undefined);

  /** With what tsh adds when a program does not end well. */
  function expected({ program, args }: ProgramCase): string {
    const script = join(buildDirectory, "user", `${program}.node.mjs`);
    const command = [process.execPath, script, ...args].map(quote).join(" ");
    const { status, stdout } = spawnSync("sh", ["-c", `${command} 2>&1`], { cwd: ROOT, encoding: "utf8" });
    return status === 0 ? stdout : `${stdout}tsh: ${program} ended with ${status}\n`;
  }

  test("say on Tessera what they say on Node", async () => {
    await sit(async (sayTo, terminal) => {
      for (const entry of cases) {
        const said = await sayTo([entry.program, ...entry.args.map(quote)].join(" "));
        expect(said, [entry.program, ...entry.args].join(" ")).toBe(expected(entry));
      }
      leave(terminal);
    });
  });

  test("read lines, and end by ^D and ^C; tsh goes on", async () => {
    await sit(async (sayTo, terminal) => {
      terminal.type("lisp\r");
      await terminal.expect(/lisp> $/);
      terminal.type("(* 6 7)\r");
      await terminal.expect(/\r\n42\r\nlisp> $/);
      terminal.type("\x04");
      await terminal.expect(/tsh> $/);
      terminal.type("lisp\r");
      await terminal.expect(/lisp> $/);
      terminal.type("\x03");
      await terminal.expect(/\^C\r\ntsh> $/);
      terminal.type("nbody 1000000000\r");
      await terminal.expect(/nbody 1000000000\r\n/);
      await untilPrompt(terminal);
      expect(await sayTo("ps")).not.toContain("nbody");
      leave(terminal);
    });
  });

  test("read keys one by one", async () => {
    await sit(async (sayTo, terminal) => {
      terminal.type("life\r");
      await terminal.expect(/generation 3, \d+ alive/);
      terminal.type("q");
      await terminal.expect(/tsh> $/);
      expect(await sayTo("echo after")).toBe("after\n");
      leave(terminal);
    });
  });
});

/** Types ^C until tsh asks again: before the program runs, it is typed to tsh, which ignores it. */
async function untilPrompt(terminal: TerminalSession): Promise<void> {
  const typing = setInterval(() => terminal.type("\x03"), 500);
  try {
    await terminal.expect(/\^C\r\ntsh> /);
  } finally {
    clearInterval(typing);
  }
}

function quote(word: string): string {
  return /^[\w./-]+$/.test(word) ? word : `'${word}'`;
}

test("lines are edited while they are typed, and remembered", async () => {
  await sit(async (sayTo, terminal) => {
    const sees = async (keys: string, said: string): Promise<void> => {
      terminal.type(keys);
      expect(await terminal.expect(/\r\n([^\r]*)\r\ntsh> $/)).toHaveProperty("1", said);
    };
    await sees("echo onn\x7fe\r", "one");
    await sees("echo helo\x1b[Dl\x05 λ😀\x1b[D\x7fx\r", "hello x😀");
    await sees("\x1b[A\x1b[A\r", "one");
    await sees("\x1b[A\x17two\x01\x06\x06\x06\x06 -n\r", "-n two");
    await sees("lost \x15echo kept\r", "kept");
    terminal.type("wrong\x03");
    await terminal.expect(/\^C\r\ntsh> $/);
    await sees("\x1b[3~\x1b[5~echo still\r", "still");
    expect(await sayTo("echo here")).toBe("here\n");
    leave(terminal);
  });
});

test("files and directories", async () => {
  await sit(async (sayTo, terminal) => {
    expect(await sayTo("ls")).toBe("bin/\ndev/\nproc/\nshare/\n");
    expect((await sayTo("ls bin")).split("\n")).toContain("tsh");
    expect(await sayTo("ls nowhere")).toBe("ls: nowhere: no such file or directory\n");
    expect(await sayTo("cat share/welcome.txt nowhere share")).toMatch(
      /^Tessera is a kernel[^]*cat: nowhere: no such file or directory\ncat: share: is a directory\n$/,
    );
    expect(await sayTo("help")).toMatch(/^help +this list\n[^]*\nPrograms: .*\blisp\b.*\n$/);
    expect(await sayTo("share/welcome.txt")).toMatch(/^tsh: share\/welcome.txt /);
    expect(await sayTo('echo  one "two  three"')).toBe("one two  three\n");
    leave(terminal);
  });
});

test("processes and memory", async () => {
  await sit(async (sayTo, terminal) => {
    expect(await sayTo("ps")).toMatch(/^PID +PARENT[^\n]*\n +1 +0 +R +\d+ \w+ +\d+ \w+ +\/bin\/tsh\n$/);
    expect(await sayTo("mem")).toMatch(/^MemTotal +25\d MiB\nMemFree +\d+ MiB\n[^]*Anonymous +\d+ \w+\n/);
    const maps = await sayTo("maps");
    expect(maps).toMatch(/^00400000-00401000 +r--p +4096 B/);
    expect(maps).toMatch(/ r-xp [^]* rw-p [^]*\[stack\]\n$/);
    expect(maps).not.toMatch(/ .wx/);
    expect(await sayTo("maps 1")).toBe(maps);
    expect(await sayTo("maps 99")).toBe("maps: process 99: no such file or directory\n");
    expect((await sayTo("translate 401000")).split("\n")).toEqual([
      "0x0000000000401000 in process self",
      ...["PML4", "PDPT", "PD"].map((level): unknown => expect.stringContaining(`${level}[`)),
      expect.stringMatching(/^PT\[ +1\] .* present read-only user executable$/),
      expect.stringMatching(/^frame 0x[0-9a-f]+ offset 0x000$/),
      "",
    ]);
    expect(await sayTo("translate 0x10 1")).toMatch(/\nnot present at P\w+\n$/);
    leave(terminal);
  });
});

/** Each kind of `fault`, how its process ends, and what the kernel says about it. */
const FAULTS: readonly (readonly [kind: string, end: RegExp, log: RegExp])[] = [
  ["null", /SIGSEGV/, /address 0x0: NoRegion/],
  ["write-text", /SIGSEGV/, /address 0x400000: NoWrite/],
  ["execute-data", /SIGSEGV/, /(0x[0-9a-f]+), address \1: NoExecute/],
  ["read-only", /SIGSEGV/, /: NoWrite/],
  ["unmapped", /SIGSEGV/, /: NoRegion/],
  ["stack-overflow", /SIGSEGV/, /address 0x7ff[0-9a-f]+: NoRegion/],
  ["kernel", /SIGSEGV/, /address 0xffff800000000000: NotUserAddress/],
  ["divide", /SIGFPE/, /#DE/],
  ["invalid", /SIGILL/, /#UD/],
  ["privileged", /SIGSEGV/, /#GP/],
];

test("each kind of fault ends a child, and nothing else", async () => {
  await sit(async (sayTo, terminal) => {
    const kinds = (await sayTo("fault")).trim().split("\n");
    expect(kinds.map((line) => line.split(" ")[0])).toEqual(FAULTS.map(([kind]) => kind));
    const children: string[] = [];
    const free = await freeMemory(sayTo);
    for (const [kind, end] of FAULTS) {
      const said = await sayTo(`fault ${kind}`);
      expect(said).toMatch(new RegExp(`^a child .*\\nprocess \\d+ was ended: ${end.source}.*\\ntsh goes on\\.\\n$`));
      children.push(/process (\d+) /.exec(said)?.[1] ?? "none");
    }
    expect(await sayTo("ps")).toMatch(/^PID.*\n.*\/bin\/tsh\n$/);
    // The one that overflows its stack has 8 MiB; tsh itself grows a little.
    expect(free - (await freeMemory(sayTo))).toBeLessThan(4);
    const reports = (await dmesg(terminal)).split("\n").filter((line) => line.includes("(tsh) ends"));
    expect(reports).toEqual(
      FAULTS.map(([, , log], index): unknown =>
        expect.stringMatching(new RegExp(`process ${children[index]} \\(tsh\\) ends: .*${log.source}`)),
      ),
    );
    leave(terminal);
  });
});

/** As `mem` says it, in MiB. */
async function freeMemory(sayTo: Say): Promise<number> {
  return Number(/MemFree +(\d+) MiB/.exec(await sayTo("mem"))?.[1]);
}

/** The kernel's log, which `answer` would leave out. */
async function dmesg(terminal: TerminalSession): Promise<string> {
  terminal.type("dmesg\r");
  const [text] = await terminal.expect(/^[^]*tsh> $/);
  return text.replaceAll("\r\n", "\n");
}

test("the log, the time, and what things cost", async () => {
  await sit(async (sayTo, terminal) => {
    expect(await dmesg(terminal)).toMatch(/process: \/bin\/tsh is process 1\n/);
    const before = Number(/^up (\d+\.\d\d) s\n$/.exec(await sayTo("uptime"))?.[1]);
    const costs = (await sayTo("bench")).trim().split("\n");
    expect(costs).toHaveLength(10);
    for (const line of costs) expect(line).toMatch(/ [1-9]\d* ns$/);
    expect(Number(/^up (\d+\.\d\d) s\n$/.exec(await sayTo("uptime"))?.[1])).toBeGreaterThan(before);
    leave(terminal);
  });
});

test("^D switches the machine off, as poweroff does; reboot starts it again", async () => {
  expect((await sit((_say, terminal) => Promise.resolve(leave(terminal)))).serial).toContain("switched off");
  await sit((_say, terminal) => Promise.resolve(terminal.type("poweroff\r")));
  await sit((_say, terminal) => Promise.resolve(terminal.type("reboot\r")), { expectExit: 0 });
});
