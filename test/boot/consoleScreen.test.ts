/**
 * The screen, through GRUB and a VGA card: a screenshot is read back with the glyphs of the font, so these tests see
 * what a person sees.
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { boot, buildDirectory, kernelElf, testKernelElf, type BootOptions } from "../harness/boot";
import { cellColours, readScreen, screenLines, type Screen } from "../harness/screen";

let scratch: string;

beforeAll(() => {
  scratch = mkdtempSync(join(tmpdir(), "tessera-screen-"));
});

afterAll(() => rmSync(scratch, { recursive: true, force: true }));

interface Shot {
  screen: Screen;
  lines: string[];
  serial: string;
}

/**
 * Boots a kernel with this command line from a GRUB CD, and photographs the screen once `until` is said. Programs come
 * from the root `module`, and read what a session types.
 */
async function photograph(
  name: string,
  elf: string,
  words: string,
  until: RegExp,
  { module = "", ...options }: BootOptions = {},
): Promise<Shot> {
  const image = join(scratch, `${name}.iso`);
  const script = ["--import", "tsx", "scripts/image/iso.ts", "--kernel", elf, "--out", image, "--cmdline", words];
  execFileSync("node", [...script, "--modules", module], { stdio: "pipe", env: { ...process.env, LIMINE: "" } });
  const screenshot = join(scratch, `${name}.ppm`);
  const { serial } = await boot({ image: { path: image, medium: "cd" }, vga: true, until, screenshot, ...options });
  const screen = readScreen(screenshot);
  return { screen, lines: screenLines(screen), serial };
}

test("the screen shows the boot from its first line, word for word as the serial port", async () => {
  const { lines, serial } = await photograph("boot", kernelElf, "log=info", /nothing left to do/);
  const said = serial.split("\n").map((line) => line.trimEnd());
  const first = said.findIndex((line) => /^\[ *0\.\d{6}\]/.test(line));
  const expected = said.slice(first, said.findIndex((line) => line.includes("nothing left to do")) + 1);
  expect(lines.slice(0, expected.length)).toEqual(expected);
});

test("styles have colours of their own, characters beyond ASCII are drawn, unknown ones have a glyph", async () => {
  const { screen, lines } = await photograph("styles", testKernelElf, "test=screen-styles log=error", /^look now$/);
  const styles = ["Plain", "Dim", "Heading", "Accent", "Good", "Warning", "Error", "Fatal"];
  const first = lines.indexOf("style Plain ABC xyz 0123456789");
  const expected = styles.map((style) => `style ${style} ABC xyz 0123456789`);
  expect(lines.slice(first, first + styles.length)).toEqual(expected);
  const colours = styles.map((_, index) => cellColours(screen, first + index, 0)[1] ?? -1);
  expect(new Set(colours).size).toBe(styles.length);
  // The replacement character and U+25C6 share one shape in this font.
  expect(lines[first + styles.length]).toBe("box ┌──┬──┐ Latin-1 äöüß lacking ◆ tab  end");
});

test("text scrolls, and nothing of what left the screen remains", async () => {
  const { lines } = await photograph("scroll", testKernelElf, "test=screen-scroll log=error", /^look now$/);
  const rows = lines.length;
  const expected = Array.from({ length: rows - 2 }, (_, index) => `scrolled line ${300 - (rows - 2) + index}`);
  expect(lines).toEqual([...expected, "screen done", ""]);
});

test("a panic shows on the screen", async () => {
  const { lines } = await photograph("panic", kernelElf, "demo=double-free", /^Halted\.$/);
  expect(lines.some((line) => line.startsWith("PANIC: "))).toBe(true);
  expect(lines).toContain("Halted.");
});

test("keys and what programs write show on the screen, and a program knows how large it is", async () => {
  const session: BootOptions["session"] = async (terminal) => {
    await terminal.expect(/keys\r\n/);
    await terminal.press("s", "i", "z", "x", "backspace", "e", "ret");
    await terminal.expect(/\d+ rows, \d+ columns\r\nkeys\r\n/);
    terminal.type("colours\r");
    await terminal.expect(/plain/);
  };
  const module = join(buildDirectory, "test-root.cpio");
  const words = "init=/keys log=error";
  const { screen, lines } = await photograph("keys", kernelElf, words, /plain/, { module, session });
  const first = lines.lastIndexOf("size");
  const size = `${lines.length} rows, ${Math.floor((screen.width - 16) / 8)} columns`;
  expect(lines.slice(first - 1, first + 5)).toEqual(["keys", "size", size, "keys", "colours", "red, plain"]);
  const [background, red] = cellColours(screen, first + 4, 0);
  expect(red).not.toBe(cellColours(screen, first + 4, 5)[1]);
  expect(background).toBe(cellColours(screen, first + 4, 5)[0]);
});
