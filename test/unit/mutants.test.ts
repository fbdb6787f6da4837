/** The mutants of `make mutants`: what is broken, and that nothing is as long as no mutant is active. */
import { expect, test } from "vitest";
import { mutate } from "../mutation/sites";

const mutated = (body: string, result = "void"): { text: string; sites: string[] } => {
  const { text, sites } = mutate("kernel/mm/x.ts", `function f(): ${result} {\n  ${body}\n}\n`, 5, "./mutation");
  const [, ...lines] = text.split("\n").filter((line) => !line.startsWith("import"));
  return { text: (lines[0] ?? "").trim(), sites: sites.map(({ kind, text: what }) => `${kind} ${what}`) };
};

test("a statement goes, and an else behind it stays where it belongs", () => {
  const { text, sites } = mutated("if (a) applyFlush(one); else applyFlush(two);");
  expect(sites).toEqual(["flush applyFlush(one);", "flush applyFlush(two);"]);
  expect(text).toBe(
    "if (a) { if (mutation.active !== 5) { applyFlush(one); } } else { if (mutation.active !== 6) { applyFlush(two); } }",
  );
});

test("a way out is not taken, a permission always given", () => {
  expect(mutated("if (isWrite) return;").text).toBe("if ((mutation.active !== 5 && (isWrite))) return;");
  expect(mutated("return isUser(page);", "bool").text).toBe("return (mutation.active === 5 || (isUser(page)));");
});

test("each operand is taken away by itself, but for one that narrows a type", () => {
  const { text, sites } = mutated("if (space === null || isWrite || !writable) return;");
  expect(sites).toEqual(["permission isWrite", "permission !writable"]);
  expect(text).toContain("space === null || (mutation.active !== 5 && (isWrite)) ||");
});

test("a condition that is neither is broken both ways", () => {
  const { text, sites } = mutated("if (writable) work();");
  expect(sites).toEqual(["permission writable -> false", "permission writable -> true"]);
  expect(text).toBe("if ((mutation.active !== 5 && ((mutation.active === 6 || (writable))))) work();");
});

test("bits of an entry, counts, and a flush that is returned", () => {
  expect(mutated("bits = flags | USER;").text).toBe("bits = flags | (mutation.active === 5 ? u64(0n) : (USER));");
  expect(mutated("info.references += 1;").text).toBe("{ if (mutation.active !== 5) { info.references += 1; } }");
  expect(mutated("return flushOfPage(page);", "Flush").text).toBe(
    "return mutation.active === 5 ? NO_FLUSH : (flushOfPage(page));",
  );
});
