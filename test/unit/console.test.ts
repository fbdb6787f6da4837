/**
 * What a person sees, on the host: programs in kernel TypeScript go through the compiler and gcc, with the address and
 * undefined behaviour sanitizers on, and check themselves.
 */
import { afterAll, beforeAll, expect, test } from "vitest";
import { compileToC, makeScratch, removeScratch, runNative } from "../../compiler/test/support";

let scratch: string;

beforeAll(() => {
  scratch = makeScratch();
});

afterAll(() => removeScratch(scratch));

test("every pixel of random screens is what a model of them says", async () => {
  const outcome = await runNative(compileToC("test/unit/programs/screenModel.ts"), scratch, "screenModel");
  expect(outcome).toMatchObject({ exitCode: 0, stderr: "" });
  expect(outcome.stdout).toMatch(/^screens=60 refused=\d+ characters=\d{5}$/m);
});

test("the screen does what control sequences of programs say, and no byte is too strange for it", async () => {
  const outcome = await runNative(compileToC("test/unit/programs/terminalScreen.ts"), scratch, "terminalScreen");
  expect(outcome).toMatchObject({ exitCode: 0, stderr: "" });
  expect(outcome.stdout).toContain("the screen is as it should be");
});

test("no line is too strange for the command line parser", async () => {
  const outcome = await runNative(compileToC("test/unit/programs/commandLineRandom.ts"), scratch, "commandLineRandom");
  expect(outcome).toMatchObject({ exitCode: 0 });
  expect(outcome.stdout).toMatch(/^lines=20000 demos=\d+ quiet=\d+$/m);
});
