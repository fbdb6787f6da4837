/**
 * How image scripts call other programs and how they give up: with one sentence that says what to do.
 */
import { execFileSync, spawnSync } from "node:child_process";

/** The sentence a person reads instead of an image. */
export class ImageError extends Error {}

/** Runs a script's work; an ImageError ends it with its sentence and exit code 1. */
export function runScript(work: () => void): void {
  try {
    work();
  } catch (error) {
    if (!(error instanceof ImageError)) throw error;
    console.error(`image: ${error.message}`);
    process.exitCode = 1;
  }
}

/** One line in the style of make's own. */
export function say(word: string, text: string): void {
  console.log(`  ${word.padEnd(8)} ${text}`);
}

/** The first of these programs that is on the PATH, or undefined. */
export function findTool(...names: string[]): string | undefined {
  return names.find((name) => spawnSync("sh", ["-c", 'command -v "$1"', "sh", name]).status === 0);
}

/** The first of these programs that is on the PATH. None: an error that names the Debian package. */
export function needTool(debianPackage: string, ...names: string[]): string {
  const found = findTool(...names);
  if (found !== undefined) return found;
  throw new ImageError(`${names[0]} is missing: install it (Debian package ${debianPackage}) and run this again`);
}

/** Runs a program to its end and returns what it printed. A failure is an error that carries what it said. */
export function run(program: string, args: readonly string[], extraEnvironment: NodeJS.ProcessEnv = {}): string {
  try {
    const env = { ...process.env, ...extraEnvironment };
    return execFileSync(program, args, { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"], env });
  } catch (error) {
    const { stderr } = error as { stderr?: string };
    throw new ImageError(`${program} failed: ${lastLines(stderr ?? String(error))}`);
  }
}

function lastLines(text: string): string {
  return text.trim().split("\n").slice(-5).join("\n  ");
}
