/**
 * The terminal: somebody types on the serial line and on the keyboard, and programs of test/user read it.
 */
import { join } from "node:path";
import { describe, test } from "vitest";
import { boot, buildDirectory, type BootOptions } from "../harness/boot";
import type { TerminalSession } from "../harness/terminal";

const ROOT = join(buildDirectory, "test-root.cpio");

type Session = (terminal: TerminalSession) => Promise<void>;

async function sit(program: string, session: Session, options: BootOptions = {}): Promise<void> {
  const commandLine = `init=/${program} log=error exit`;
  await boot({ commandLine, module: ROOT, timeoutSeconds: 120, session, ...options });
}

/** Machines that differ in what leads an interrupt to the processor. */
const MACHINES: [string, BootOptions][] = [
  ["with a local APIC", {}],
  ["with the old interrupt controllers alone", { cpu: "qemu64,-apic" }],
  ["without a keyboard controller", { extra: ["-machine", "q35,i8042=off"] }],
  ["of 1996", { machine: "pc" }],
  ["that is hardly one", { machine: "microvm" }],
];

describe.each(MACHINES)("on a machine %s", (_, options) => {
  test("a line is edited before a program reads it", async () => {
    await sit(
      "lines",
      async (terminal) => {
        await terminal.expect(/ready\r\n/);
        terminal.type("hello\r");
        await terminal.expect(/^hello\r\n6 \[hello\r\n\]\r\n/);
        terminal.type("abx\x7fc\r");
        await terminal.expect(/^abx\x08 \x08c\r\n4 \[abc\r\n\]\r\n/);
        terminal.type("\x04");
        await terminal.expect(/^end of file\r\n/);
      },
      options,
    );
  });
});

test("keys of the keyboard are those of the terminal, too", async () => {
  await sit("lines", async (terminal) => {
    await terminal.expect(/ready\r\n/);
    await terminal.press("h", "shift-i", "caps_lock", "a", "1", "caps_lock", "spc", "slash", "x", "backspace", "ret");
    await terminal.expect(/^hIA1 \/x\x08 \x08\r\n7 \[hIA1 \/\r\n\]\r\n/);
    terminal.type("both");
    await terminal.press("ret");
    await terminal.expect(/^both\r\n5 \[both\r\n\]\r\n/);
    await terminal.press("ctrl-d");
    await terminal.expect(/^end of file\r\n/);
  });
});

test("what is typed while nobody reads is not lost", async () => {
  await sit("lines", async (terminal) => {
    await terminal.expect(/ready\r\n/);
    terminal.type(Array.from({ length: 50 }, (_, index) => `line ${index}\r`).join(""));
    await terminal.expect(/8 \[line 49\r\n\]\r\n/);
    terminal.type("\x04");
    await terminal.expect(/end of file\r\n/);
  });
});

test("^C ends the program in the foreground", async () => {
  await boot({
    commandLine: "init=/lines log=error exit",
    module: ROOT,
    session: async (terminal) => {
      await terminal.expect(/ready\r\n/);
      terminal.type("half a li\x03");
      await terminal.expect(/^half a li\^C/);
    },
  });
});

test("programs choose how they read: key by key, for a time, and without waiting", async () => {
  await sit("keys", async (terminal) => {
    await terminal.expect(/keys\r\n/);
    terminal.type("raw\r");
    await terminal.expect(/^raw\r\nraw\r\n/);
    terminal.type("a\r\x03\x7f");
    await terminal.expect(/^<61><0a><03><7f>/);
    await terminal.press("up");
    await terminal.expect(/^<1b><5b><41>/);
    terminal.type("q");
    await terminal.expect(/^\r\nkeys\r\n/);
    terminal.type("timed\r");
    await terminal.expect(/^timed\r\nnothing: 0\r\nthree\r\n/);
    terminal.type("1234");
    await terminal.expect(/^three: [34]\r\nkeys\r\n/);
    terminal.type("\x15poll\r");
    await terminal.expect(/poll\r\nbefore: 0\r\n/);
    terminal.type("x");
    await terminal.expect(/^after: 1\r\nkeys\r\n/);
    terminal.type("\x15size\r");
    await terminal.expect(/size\r\n24 rows, 80 columns\r\nkeys\r\n/);
    terminal.type("\x04");
    await terminal.expect(/^end\r\n/);
  });
});

test("^C reaches the foreground group alone", async () => {
  await sit("keys", async (terminal) => {
    await terminal.expect(/keys\r\n/);
    terminal.type("child\r");
    await terminal.expect(/^child\r\nchild\r\n/);
    terminal.type("\x03");
    await terminal.expect(/^\^Cthe child ended by 2\r\nkeys\r\n/);
    terminal.type("\x03");
    await terminal.expect(/^\^C/);
    terminal.type("\x04");
    await terminal.expect(/end\r\n/);
  });
});

test("a program restarts the machine, switches it off, or stops it", async () => {
  const end = (word: string): Session => {
    return async (terminal) => {
      await terminal.expect(/keys\r\n/);
      terminal.type(`${word}\r`);
      await terminal.expect(/the machine/);
    };
  };
  const commandLine = "init=/keys";
  await boot({ commandLine, module: ROOT, session: end("restart"), expectExit: 0 });
  await boot({ commandLine, module: ROOT, session: end("off") });
  await boot({ commandLine, module: ROOT, session: end("halt"), until: /the machine stops/ });
});
