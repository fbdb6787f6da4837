/**
 * What cannot become an image ends with one sentence that says what to do, and exit code 1; and `make limine` takes
 * exactly the known release. Nothing here boots or needs the network.
 */
import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { kernelElf } from "../harness/boot";

let scratch: string;
beforeAll(() => {
  scratch = mkdtempSync(join(tmpdir(), "tessera-refused-"));
});
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

/** Runs a script of scripts/image that must fail. Returns the one line it says. */
function refusal(script: string, args: string[], environment: Record<string, string> = {}): string {
  const command = ["--import", "tsx", `scripts/image/${script}.ts`, ...args];
  const result = spawnSync(process.execPath, command, { encoding: "utf8", env: { ...process.env, ...environment } });
  expect(result.status, result.stderr).toBe(1);
  expect(result.stdout).toBe("");
  const lines = result.stderr.trimEnd().split("\n");
  expect(lines).toHaveLength(1);
  return lines[0] ?? "";
}

function imageRefusal(script: string, args: string[], environment: Record<string, string> = {}): string {
  const out = join(scratch, "refused.img");
  const line = refusal(script, ["--kernel", kernelElf, "--out", out, ...args], environment);
  expect(existsSync(out)).toBe(false);
  return line;
}

test.each(["iso", "disk"])("%s: a LIMINE directory without Limine", (script) => {
  const line = imageRefusal(script, ["--limine", scratch]);
  expect(line).toContain(`LIMINE=${scratch} lacks limine-bios.sys`);
  expect(line).toContain("give the directory of a Limine binary release");
});

test("a Limine directory whose tool is not built", () => {
  const directory = join(scratch, "unbuilt");
  mkdirSync(directory);
  for (const file of ["limine-bios.sys", "limine-bios-cd.bin", "limine-uefi-cd.bin", "BOOTX64.EFI"]) {
    writeFileSync(join(directory, file), "");
  }
  const line = imageRefusal("iso", ["--limine", directory], { PATH: pathWith() });
  expect(line).toContain("is not built: run make in that directory");
});

/** A PATH with the shell and these programs only. */
function pathWith(...programs: string[]): string {
  const folder = mkdtempSync(join(scratch, "path-"));
  for (const program of ["sh", ...programs]) {
    const found = execFileSync("sh", ["-c", 'command -v "$1"', "sh", program], { encoding: "utf8" }).trim();
    symlinkSync(found, join(folder, program));
  }
  return folder;
}

test.each([
  ["iso", [], "grub-mkrescue is missing: install it (Debian package grub-common)"],
  ["iso", ["grub-mkrescue", "grub-mkimage"], "xorriso is missing: install it (Debian package xorriso)"],
  ["disk", ["grub-mkrescue"], "grub-mkimage is missing: install it (Debian package grub-common)"],
  ["disk", ["grub-mkrescue", "grub-mkimage"], "sgdisk is missing: install it (Debian package gdisk)"],
  ["disk", ["grub-mkrescue", "grub-mkimage", "sgdisk"], "mformat is missing: install it (Debian package mtools)"],
])("%s with only %s installed names the missing tool", (script, programs, sentence) => {
  expect(imageRefusal(script, ["--limine", "none"], { PATH: pathWith(...programs) })).toContain(sentence);
});

test("a kernel that is not there", () => {
  const line = refusal("iso", ["--kernel", join(scratch, "nothing.elf"), "--out", join(scratch, "x.iso")]);
  expect(line).toContain("there is no file");
});

test("a module that is not there", () => {
  expect(imageRefusal("disk", ["--modules", join(scratch, "nothing")])).toContain("there is no file");
});

test.each(['a"b', "a'b", "a\\b", "$(a)", "a\nb", "ä"])("a command line with %j", (commandLine) => {
  expect(imageRefusal("iso", ["--cmdline", commandLine])).toContain("CMDLINE in an image is one line of ASCII");
});

/** `make limine` is the only thing that needs git: a machine without it can build and test all else. */
const testWithGit = test.skipIf(spawnSync("git", ["--version"]).error !== undefined);

testWithGit("make limine: a repository that cannot be reached", () => {
  const environment = { LIMINE_REPOSITORY: `file://${scratch}/nothing`, BUILD: join(scratch, "unreached") };
  const line = refusal("limine", [], environment);
  expect(line).toContain("cannot be had from");
  expect(line).toContain("images work with GRUB meanwhile");
});

testWithGit("make limine: a tag of the right name with other content is refused and removed", () => {
  const repository = join(scratch, "forged");
  const git = (...args: string[]): string => execFileSync("git", ["-C", repository, ...args], { encoding: "utf8" });
  mkdirSync(repository);
  git("init", "--quiet");
  writeFileSync(join(repository, "limine.c"), "int main(void) { return 0; }\n");
  git("add", ".");
  git("-c", "user.name=Test", "-c", "user.email=test@example.org", "commit", "--quiet", "-m", "Forge");
  git("tag", "v8.2.0-binary");
  const build = join(scratch, "forged-build");
  const line = refusal("limine", [], { LIMINE_REPOSITORY: `file://${repository}`, BUILD: build });
  expect(line).toContain("it is not the known release and was removed");
  expect(existsSync(join(build, "limine"))).toBe(false);
});
