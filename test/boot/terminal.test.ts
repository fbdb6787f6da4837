/**
 * The terminal: somebody types on the serial line and on the keyboard, and programs of test/user read it.
 */
import { join } from "node:path";
import { test } from "vitest";
import { boot, buildDirectory } from "../harness/boot";
import type { TerminalSession } from "../harness/terminal";

const ROOT = join(buildDirectory, "test-root.cpio");

async function sit(
  program: string,
  session: (terminal: TerminalSession) => Promise<void>,
  options = {},
): Promise<void> {
  await boot({ commandLine: `init=/${program} events exit`, module: ROOT, session, ...options });
}

test("a line is edited before a program reads it", async () => {
  await sit("lines", async (terminal) => {
    await terminal.expect(/process 1\r\nready\r\n/);
    terminal.type("hello\r");
    await terminal.expect(/^hello\r\n6 \[hello\r\n\]\r\n/);
    terminal.type("abx\x7fc\r");
    await terminal.expect(/^abx\x08 \x08c\r\n4 \[abc\r\n\]\r\n/);
    terminal.type("\x04");
    await terminal.expect(/^end of file\r\n/);
  });
});

test("keys of the keyboard do the same", async () => {
  await sit("lines", async (terminal) => {
    await terminal.expect(/process 1\r\nready\r\n/);
    await terminal.press("h", "shift-i", "ret");
    await terminal.expect(/^hI\r\n3 \[hI\r\n\]\r\n/);
    await terminal.press("ctrl-d");
    await terminal.expect(/^end of file\r\n/);
  });
});
