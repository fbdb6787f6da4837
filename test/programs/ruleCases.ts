/**
 * What each rule of scripts/programs/rules.ts refuses, and what to write instead: bodies of functions that return text.
 *
 * `right` gives the same through Porffor and on Node; `wrong` does not, unless `runs` is false: it cannot be compiled, or
 * has no end.
 */
export interface RuleCase {
  code: string;
  wrong: string;
  right: string;
  runs?: false;
}

export const RULE_CASES: RuleCase[] = [
  {
    code: "TP1001",
    wrong: `let log = ""; const f = () => { try { return "a"; } finally { log += "b"; } }; return f() + log;`,
    right: `let log = ""; const f = () => { log += "b"; return "a"; }; return f() + log;`,
  },
  {
    code: "TP1001",
    wrong: `let log = "";
      try { try { throw new Error("x"); } finally { log += "b"; } } catch { log += "c"; }
      return log;`,
    right: `let log = "";
      try { try { throw new Error("x"); } catch (error) { log += "b"; throw error; } } catch { log += "c"; }
      return log;`,
  },
  {
    code: "TP1002",
    wrong: `class Mine extends Error {} try { throw new Mine("m"); } catch (e) { return \`\${(e as Mine).message}\`; }`,
    right: `class Mine extends Error { constructor(message: string) { super(message); this.message = message; } }
      try { throw new Mine("m"); } catch (e) { return \`\${(e as Mine).message}\${e instanceof Mine}\`; }`,
  },
  {
    code: "TP1003",
    wrong: `const e = new Error("m", { cause: "c" }); return \`\${String(e.cause)}\`;`,
    right: `const e = { message: "m", cause: "c" }; return e.cause;`,
  },
  {
    code: "TP1004",
    wrong: `class A { n = 1; add() { this.n = this.n + 1; } }
      class B extends A { override add() { super.add(); } }
      const b = new B(); b.add(); return \`\${b.n}\`;`,
    right: `class A { n = 1; add() { this.addOne(); } protected addOne() { this.n = this.n + 1; } }
      class B extends A { override add() { this.addOne(); this.addOne(); } }
      const b = new B(); b.add(); return \`\${b.n}\`;`,
  },
  {
    code: "TP1005",
    wrong: `class Two { [Symbol.iterator]() {
        let i = 0;
        return { next: () => (i < 2 ? { value: i++, done: false } : { value: 0, done: true }) };
      } }
      let text = ""; for (const n of new Two()) text += n; return text;`,
    right: `function* two() { yield 0; yield 1; } let text = ""; for (const n of two()) text += n; return text;`,
  },
  {
    code: "TP1006",
    wrong: `const f = ({ x }: { x: number }, y: number) => \`\${x}\${y}\`; return f({ x: 1 }, 2);`,
    right: `const f = (y: number, { x }: { x: number }) => \`\${x}\${y}\`; return f(2, { x: 1 });`,
  },
  {
    code: "TP1006",
    wrong: `let text = ""; [[1, 2]].forEach(([a, b], i) => (text += \`\${a}\${b}\${i}\`)); return text;`,
    right: `let text = ""; [[1, 2]].forEach((pair, i) => (text += \`\${pair.join("")}\${i}\`)); return text;`,
  },
  {
    code: "TP1007",
    wrong: `let text = ""; const n = Number("2");
      switch (n) { default: text += "d"; break; case 2: text += "two"; } return text;`,
    right: `let text = ""; const n = Number("2");
      switch (n) { case 2: text += "two"; break; default: text += "d"; } return text;`,
  },
  {
    code: "TP1008",
    wrong: `let text = ""; async function f() { text += "a"; await null; text += "b"; }
      void f(); text += "c"; return text;`,
    right: `let text = ""; function f() { text += "a"; text += "b"; } f(); text += "c"; return text;`,
  },
  { code: "TP1009", wrong: "return `${2n ** 70n}`;", right: "return `${2 ** 50}`;" },
  { code: "TP1009", wrong: "return `${BigInt(2 ** 40) * BigInt(2 ** 40)}`;", right: "return `${2 ** 40 * 4}`;" },
  {
    code: "TP1010",
    wrong: `const list = ["q"]; return (list[0] ?? "") + (list.length > 0) + (list.length > 1);`,
    right: `const list = ["q"]; return \`\${list[0] ?? ""}\${list.length > 0}\${list.length > 1}\`;`,
  },
  { code: "TP1011", wrong: 'return `${"abc"[5]}`;', right: 'return `${"abc".charAt(5)}`;' },
  {
    code: "TP1012",
    wrong: `let count = 0; for (const c of "a😀") count += c.length > 0 ? 1 : 0; return \`\${count}\`;`,
    right: `let count = 0; const s = "a😀";
      for (let at = 0; at < s.length; at += 1) count += s.charCodeAt(at); return \`\${count}\`;`,
  },
  { code: "TP1012", wrong: 'return [..."a😀"].length.toString();', right: 'return "a😀".length.toString();' },
  {
    code: "TP1013",
    wrong: `const a = new Uint32Array(1); a[0] = 4294967295; a[0] += 2; return \`\${a[0]}\`;`,
    right: `const a = new Uint32Array(1); a[0] = 4294967295; a[0] = ((a[0] ?? 0) + 2) >>> 0; return \`\${a[0]}\`;`,
  },
  {
    code: "TP1013",
    wrong: `const a = new Uint8Array(1); a[0]!++; return \`\${a[0]}\`;`,
    right: `const a = new Uint8Array(1); a[0] = (a[0] ?? 0) + 1; return \`\${a[0]}\`;`,
  },
  {
    code: "TP1014",
    wrong: `return new Uint8Array([1, 2]).join("-");`,
    right: `return Array.from(new Uint8Array([1, 2])).join("-");`,
  },
  { code: "TP1014", wrong: "return `${new Uint8Array([1, 2])}`;", right: "return `${[1, 2].join()}`;" },
  {
    code: "TP1015",
    wrong: `let text = ""; for (const [i, word] of ["a", "b"].entries()) text += \`\${i}\${word}\`; return text;`,
    right: `let text = ""; ["a", "b"].forEach((word, i) => (text += \`\${i}\${word}\`)); return text;`,
  },
  {
    code: "TP1016",
    wrong: `return Array.from(new Map([["a", 1]])).join();`,
    right: `return [...new Map([["a", 1]])].join();`,
  },
  {
    code: "TP1016",
    wrong: `function* g() { yield 1; yield 2; } const [a, b] = g(); return \`\${a}\${b}\`;`,
    right: `function* g() { yield 1; yield 2; } const [a, b] = [...g()]; return \`\${a}\${b}\`;`,
  },
  {
    code: "TP1017",
    wrong: `return [0.5, 2.5, -1.5].map((n) => Math.round(n)).join();`,
    right: `return [0.5, 2.5, -1.5].map((n) => Math.floor(n + 0.5)).join();`,
  },
  { code: "TP1017", wrong: "return (2.5).toFixed(0);", right: "return `${Math.floor(2.5 + 0.5)}`;" },
  { code: "TP1017", wrong: `return "hello world".substring(3);`, right: `return "hello world".slice(3);` },
  { code: "TP1017", wrong: `return JSON.stringify({ 'a"b': 1 });`, right: `return '{"a\\\\"b":1}';` },
  { code: "TP1018", wrong: `return typeof new Intl.NumberFormat();`, right: `return "none";`, runs: false },
  { code: "TP1019", wrong: "Porffor.c`puts(0);`; return '';", right: "return '';", runs: false },
];
