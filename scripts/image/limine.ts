/**
 * `make limine`: obtains the release of Limine that Tessera is tested with, checks that it is exactly that one, and
 * builds its tool. LIMINE_REPOSITORY names another place to clone from; the check stays the same.
 */
import { existsSync, mkdirSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { obtainedDirectory } from "./limineFiles";
import { ImageError, needTool, run, runScript, say } from "./tools";

const TAG = "v8.2.0-binary";
/** The commit id covers every byte of the release. */
const COMMIT = "1dbdf77f82211c42969c7c5114377436fabc9187";
const REPOSITORY = process.env.LIMINE_REPOSITORY ?? "https://github.com/limine-bootloader/limine.git";

function obtain(): void {
  const directory = obtainedDirectory();
  needTool("git", "git");
  const compiler = needTool("gcc", process.env.CC ?? "cc", "gcc", "clang");
  if (commitOf(directory) !== COMMIT) cloneInto(directory);
  if (!existsSync(join(directory, "limine"))) {
    run(compiler, ["-O2", "-std=c99", "-o", join(directory, "limine"), join(directory, "limine.c")]);
  }
  say("LIMINE", `${TAG} in ${directory}: make iso and make image use it from now on`);
}

function cloneInto(directory: string): void {
  rmSync(directory, { recursive: true, force: true });
  mkdirSync(dirname(directory), { recursive: true });
  try {
    run("git", ["clone", "--quiet", "--depth", "1", "--branch", TAG, REPOSITORY, directory], {
      GIT_TERMINAL_PROMPT: "0",
    });
  } catch {
    throw new ImageError(
      `Limine ${TAG} cannot be had from ${REPOSITORY}: check the network or set LIMINE_REPOSITORY; ` +
        "images work with GRUB meanwhile",
    );
  }
  const commit = commitOf(directory);
  if (commit === COMMIT) return;
  rmSync(directory, { recursive: true, force: true });
  throw new ImageError(
    `${TAG} of ${REPOSITORY} is commit ${commit}, not ${COMMIT}: it is not the known release and was removed`,
  );
}

function commitOf(directory: string): string | undefined {
  if (!existsSync(join(directory, ".git"))) return undefined;
  return run("git", ["-C", directory, "rev-parse", "HEAD"]).trim();
}

runScript(obtain);
