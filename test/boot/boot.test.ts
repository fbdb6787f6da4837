/**
 * The boot as a whole on the fast path (PVH): it comes to its end, says what it found, and does what the command
 * line asks. The same through GRUB and Limine is in images.test.ts; machines and sizes are in matrix.test.ts.
 */
import { statSync } from "node:fs";
import { expect, test } from "vitest";
import { boot, EXIT_PASS, onlyEvent } from "../harness/boot";

test("boots to the end and exits with 33", async () => {
  const result = await boot({ commandLine: "exit" });
  expect(result.exitCode).toBe(EXIT_PASS);
  expect(result.events).toEqual([]);
});

test("halts at the end without the word exit, and does not come back", async () => {
  const result = await boot({ until: /the processor sleeps/ });
  expect(result.exitCode).toBeNull();
});

test("reports loader, entry and command line", async () => {
  const result = await boot({ commandLine: "events exit log=debug" });
  const event = onlyEvent(result, "boot");
  expect(event["entry"]).toBe("pvh");
  expect(event["loader"]).not.toBe("");
  expect(result.serial).toContain("events exit log=debug");
  onlyEvent(result, "ready");
});

test("steps of the boot follow each other in time", async () => {
  const result = await boot({ commandLine: "events exit" });
  const steps = result.events.filter((event) => event.name === "time");
  const ticks = steps.map((step) => Number(step.values["ticks"]));
  expect(steps.length).toBeGreaterThanOrEqual(5);
  expect(ticks.every((tick) => tick > 0)).toBe(true);
  expect(ticks).toEqual([...ticks].sort((left, right) => left - right));
});

test("counts the same instructions in every run", async () => {
  const runs = [1, 2].map(() => boot({ commandLine: "events exit", icount: true, cpu: "max" }));
  const [first, second] = await Promise.all(runs);
  expect(first?.events.length).toBeGreaterThan(0);
  expect(first?.events).toEqual(second?.events);
});

test("finds the module that the loader brought", async () => {
  const result = await boot({ commandLine: "events exit", module: "LICENSE" });
  const { size } = statSync("LICENSE");
  expect(result.lines.find((line) => /^ +module /.test(line))).toContain(`${Math.floor(size / 1024)} KiB`);
});

test("boots from anywhere in a long command line", async () => {
  const filler = Array.from({ length: 40 }, (_, index) => `filler-${index}`).join(" ");
  const result = await boot({ commandLine: `${filler} events exit` });
  onlyEvent(result, "ready");
});
