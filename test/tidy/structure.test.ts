/**
 * House rules about structure: who may import whom, where C and the unsafe doors of the language may stand.
 */
import ts from "typescript";
import { expect, test } from "vitest";
import {
  filesMatching,
  importsOf,
  kernelFiles,
  nodeFiles,
  parse,
  programFiles,
  projectFiles,
  type SourceFile,
} from "./sources";

/**
 * The rooms of the kernel from the ground up. A file may import from its own room and from those listed beside it:
 *
 *   lang <- arch <- boot <- mm <- console, log, panic, trap, demo <- main
 */
const MAY_IMPORT: Record<string, readonly string[]> = {
  arch: [],
  boot: ["arch"],
  mm: ["arch", "boot"],
  upper: ["arch", "boot", "mm"],
  test: ["arch", "boot", "mm", "upper"],
};

function room(path: string): string {
  if (path.startsWith("arch/")) return "arch";
  if (path.startsWith("boot/")) return "boot";
  if (path.startsWith("kernel/mm/")) return "mm";
  if (path.startsWith("kernel/")) return "upper";
  return "test";
}

test("imports go down the rooms of the kernel, never up", () => {
  const wrong = kernelFiles().flatMap((file) =>
    importsOf(file)
      .filter((target) => room(target) !== room(file.path) && !MAY_IMPORT[room(file.path)]?.includes(room(target)))
      .map((target) => `${file.path} imports ${target}`),
  );
  expect(wrong).toEqual([]);
});

test("the kernel imports no package and nothing that runs on Node", () => {
  const wrong = kernelFiles().flatMap((file) =>
    importsOf(file)
      .filter((target) => !/^(?:arch|boot|kernel|test\/metal)\//.test(target))
      .map((target) => `${file.path} imports ${target}`),
  );
  expect(wrong).toEqual([]);
});

test("programs import from user/ alone, and a program imports no other", () => {
  const sources = programFiles().filter((file) => !file.path.endsWith(".node.ts"));
  const wrong = sources.flatMap((file) =>
    importsOf(file)
      .filter((target) => !/^user\/\w+\//.test(target))
      .map((target) => `${file.path} imports ${target}`),
  );
  expect(wrong).toEqual([]);
});

test("only tests that go through the compiler's Vite plugin import kernel code into Node", () => {
  const others = nodeFiles().filter((file) => !/^test\/unit\/[^/]+\.node(?:\.test)?\.ts$/.test(file.path));
  const wrong = others.flatMap((file) =>
    importsOf(file)
      .filter((target) => /^(?:arch|boot|kernel|test\/metal)\//.test(target))
      .map((target) => `${file.path} imports ${target}`),
  );
  expect(wrong).toEqual([]);
});

test("the C printer knows neither the typescript package nor diagnostics", () => {
  const wrong = filesMatching(/^compiler\/src\/emit\/.*\.ts$/).flatMap((file) =>
    importsOf(file)
      .filter((target) => target === "typescript" || target.endsWith("/diagnostics"))
      .map((target) => `${file.path} imports ${target}`),
  );
  expect(wrong).toEqual([]);
});

test("C stands only in compiler/lang/runtime.h, where TypeScript is measured against it, and as programs for Linux", () => {
  const c = filesMatching(/\.(?:c|h|cc|cpp|hpp|S|s)$/).filter(
    ({ path }) => path !== "compiler/lang/runtime.h" && !/^test\/(?:bench\/twins\/.*|user\/[^/]+\.[ch]$)/.test(path),
  );
  expect(c.map((file) => file.path)).toEqual([]);
});

test("assembly stands only where the CPU forces it", () => {
  const elsewhere = filesMatching(/\.asm$/).filter(
    (file) => !/^(?:arch\/x86_64|boot|templates\/kernel|test\/metal|test\/boot|test\/user)\//.test(file.path),
  );
  expect(elsewhere.map((file) => file.path)).toEqual([]);
});

/** Each word is one machine instruction or a door past the type system. arch/ and boot/ are the place for them. */
const UNSAFE_WORDS: ReadonlySet<string> = new Set(
  [
    "overlay addressOfSymbol in8 in16 in32 out8 out16 out32 peek8 peek32 peek64 poke8 poke32 poke64",
    "readCr0 writeCr0 readCr2 readCr3 writeCr3 readCr4 writeCr4 readMsr writeMsr readRflags cpuid",
    "invlpg invpcid lgdt lidt ltr loadSegments rdtsc hlt cli sti int3 mfence lfence sfence stac clac framePointer",
    "zeroMemory copyMemory fillMemory",
  ]
    .join(" ")
    .split(" "),
);

/** The other files that use unsafe words, each with the words it may use and why. */
const ALLOWED: Record<string, { words: readonly string[]; reason: string }> = {
  "kernel/console/framebufferConsole.ts": { words: ["overlay"], reason: "the pixels lie where the loader says" },
  "kernel/demo/pageFaults.ts": {
    words: ["addressOfSymbol", "peek64", "poke8"],
    reason: "causes faults on purpose",
  },
  "kernel/demo/stackOverflow.ts": { words: ["peek64", "poke64"], reason: "keeps its stack frame in use on purpose" },
  "kernel/panic.ts": { words: ["framePointer"], reason: "the stack trace starts at the handler itself" },
  "kernel/files/archive.ts": { words: ["overlay"], reason: "the archive lies where the loader put it" },
  "kernel/process/elf.ts": { words: ["overlay"], reason: "the headers of an ELF file lie where the file says" },
  "kernel/mm/addressSpace.ts": { words: ["overlay"], reason: "an address space's head lies in a frame of its own" },
  "kernel/mm/fileStore.ts": { words: ["overlay"], reason: "the info of a store's root refers to its file" },
  "kernel/mm/regions.ts": { words: ["overlay"], reason: "regions lie in frames of their address space" },
  "kernel/mm/frameAllocator.ts": { words: ["overlay"], reason: "the bitmap lies in frames chosen at boot" },
  "kernel/mm/frames.ts": { words: ["overlay"], reason: "what is known about frames lies in frames chosen at boot" },
  "kernel/mm/ledger.ts": { words: ["overlay"], reason: "it counts in an array with an element for each frame" },
  "kernel/mm/reverseMap.ts": { words: ["overlay"], reason: "the info of a frame has one word for its chain" },
  "kernel/mm/swap.ts": { words: ["overlay"], reason: "its arrays have as many elements as swap has slots" },
  "kernel/mm/heap.ts": {
    words: ["overlay"],
    reason: "its typed functions are the door to objects for all others",
  },
  "kernel/mm/slabs.ts": {
    words: ["overlay", "zeroMemory", "fillMemory"],
    reason: "cuts frames into objects, and looks at their bytes",
  },
};

test("unsafe words stand only in arch/, boot/ and the files listed here", () => {
  const files = kernelFiles().filter((file) => !/^(?:arch|boot|test\/metal)\//.test(file.path));
  expect(files.flatMap(unsafeUses)).toEqual([]);
});

test("the list of exceptions has no entry that nobody needs", () => {
  const paths = new Set(projectFiles().map((file) => file.path));
  const stale = Object.entries(ALLOWED).flatMap(([path, { words }]) => {
    if (!paths.has(path)) return [path];
    const used = new Set(
      projectFiles()
        .filter((file) => file.path === path)
        .flatMap(unsafeWordsIn),
    );
    return words.filter((word) => !used.has(word)).map((word) => `${path}: ${word}`);
  });
  expect(stale).toEqual([]);
});

function unsafeUses(file: SourceFile): string[] {
  const allowed = ALLOWED[file.path]?.words ?? [];
  return [...new Set(unsafeWordsIn(file))]
    .filter((word) => !allowed.includes(word))
    .map((word) => `${file.path} uses ${word}`);
}

function unsafeWordsIn(file: SourceFile): string[] {
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node) && ts.isIdentifier(node.expression) && UNSAFE_WORDS.has(node.expression.text)) {
      found.push(node.expression.text);
    }
    ts.forEachChild(node, visit);
  };
  visit(parse(file));
  return found;
}
