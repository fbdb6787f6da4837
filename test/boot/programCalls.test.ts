/**
 * System calls as programs of musl's C library see them: files, pipes, signals and /proc. Each program of test/user
 * checks for itself, says the place of whatever is not as on Linux, and at last how often it has looked.
 */
import { join } from "node:path";
import { expect, test } from "vitest";
import { boot, buildDirectory, onlyEvent } from "../harness/boot";

const ROOT = join(buildDirectory, "test-root.cpio");

/** What a program says. Afterwards the kernel has all frames, stacks and open files back. */
async function run(program: string): Promise<string[]> {
  const commandLine = `init=/${program} events exit`;
  const result = await boot({ commandLine, module: ROOT, timeoutSeconds: 120 });
  expect(onlyEvent(result, "programs-ended")).toEqual(onlyEvent(result, "programs"));
  const start = result.lines.findIndex((line) => line.startsWith("@programs "));
  return result.lines.slice(start + 1).filter((line) => line !== "" && !/^[@[]/.test(line));
}

test("open files: reading, paths, links, status, folders, devices, descriptors, and every refusal", async () => {
  expect(await run("files")).toEqual(["111 checks"]);
});

test("pipes: order, waiting both ways, broken and ended ones, poll", async () => {
  expect(await run("pipes")).toEqual(["48 checks"]);
});

test("signals: handlers, masks, groups, interrupted calls, and frames that ask for more than is allowed", async () => {
  expect(await run("signals")).toEqual(["81 checks"]);
});

test("/proc and what the kernel says of the machine", async () => {
  expect(await run("procfs")).toEqual(["48 checks"]);
});

test("no argument is too strange: calls at random leave the kernel as it was", async () => {
  expect(await run("random")).toEqual(["120 children ended"]);
});
