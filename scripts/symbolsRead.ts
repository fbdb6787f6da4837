/** What nm, objdump and the compiler know about a kernel's code, brought together. */
import { normalize } from "node:path";

/** What the compiler says about a C symbol. */
export interface NamedFunction {
  name: string;
  file: string;
  line: number;
}

/** A line of a function: where execution is, or where it was called from. */
export interface Place {
  name: string;
  file: string;
  line: number;
}

/** From `address` on the code was made from the first place, which is inlined into the second, and so on. */
export interface Row {
  address: bigint;
  places: Place[];
}

/** One function of the image. */
export interface CodeFunction {
  start: bigint;
  size: number;
  source: NamedFunction;
  rows: Row[];
  /** Offset of the first instruction that moves RSP: up to it, RSP points at the return address. */
  firstPush: number;
  /** Offset of the instruction that makes RBP the frame: behind it, RBP + 8 points at the return address. */
  frameSet: number | null;
}

/** An offset that no function reaches. */
const NEVER = 0xffff;

interface Instruction extends Row {
  /** Mnemonic and operands. */
  text: string;
}

type Names = Map<string, NamedFunction>;

/**
 * Functions in the order of their addresses. A function ends where the next one starts.
 *
 * @param symbols output of nm, sorted by address
 * @param disassembly output of objdump with line numbers and inlines
 * @param names C symbol to TypeScript function
 */
export function readFunctions(symbols: string, disassembly: string, names: Names): CodeFunction[] {
  const functions = readSymbols(symbols, names);
  let index = -1;
  for (const instruction of readInstructions(disassembly)) {
    while ((functions[index + 1]?.start ?? instruction.address + 1n) <= instruction.address) index += 1;
    const owner = functions[index];
    if (owner === undefined || instruction.address >= owner.start + BigInt(owner.size)) continue;
    addRow(owner, instruction, names);
    notePrologue(owner, instruction);
  }
  return functions;
}

/** Adds a row in the words of the source, when it says something new. */
function addRow(owner: CodeFunction, row: Row, names: Names): void {
  const places = sourcePlaces(row.places, owner.source, names);
  const ownFile = row.places.at(-1)?.file ?? "";
  if (owner.source.file === "" && isSource(ownFile)) owner.source.file = ownFile;
  const last = owner.rows.at(-1);
  if (last === undefined || !samePlaces(last.places, places)) owner.rows.push({ address: row.address, places });
}

/** Remembers where a function moves RSP first, and where it makes RBP its frame. */
function notePrologue(owner: CodeFunction, { address, text }: Instruction): void {
  const offset = Number(address - owner.start);
  if (owner.firstPush === NEVER && /^(?:push|pop|enter|leave)|,%rsp$|%rsp,%rbp$/.test(text)) {
    owner.firstPush = offset;
  }
  if (owner.frameSet === null && /^mov\s+%rsp,%rbp$/.test(text)) owner.frameSet = offset;
}

/** Leaves away the generated C and its header; what stands there belongs to the line that it was inlined into. */
function sourcePlaces(places: Place[], owner: NamedFunction, names: Names): Place[] {
  const last = places.length - 1;
  return places
    .map((place, index) => ({
      ...place,
      name: index === last ? owner.name : (names.get(baseName(place.name))?.name ?? place.name),
    }))
    .filter(({ file }) => isSource(file));
}

function isSource(file: string): boolean {
  return /\.(?:ts|asm)$/.test(file);
}

function samePlaces(left: Place[], right: Place[]): boolean {
  const same = (a: Place, b: Place | undefined): boolean =>
    a.name === b?.name && a.file === b.file && a.line === b.line;
  return left.length === right.length && left.every((place, index) => same(place, right[index]));
}

function readSymbols(symbols: string, names: Names): CodeFunction[] {
  const entries = symbols
    .split("\n")
    .map((line) => /^([0-9a-f]+) [tT] (\S+)$/.exec(line))
    .filter((match) => match !== null)
    .map((match) => ({ start: BigInt(`0x${match[1]}`), symbol: match[2] ?? "" }));
  const end = entries.find(({ symbol }) => symbol === "text_end")?.start;
  const code = entries.filter(({ start, symbol }) => !isLimit(symbol) && !isLocalLabel(symbol, names) && start !== end);
  return code
    .filter(({ start }, index) => start !== code[index - 1]?.start)
    .map(({ start, symbol }, index, all) => ({
      start,
      size: Number((all[index + 1]?.start ?? end ?? start + 1n) - start),
      source: { ...(names.get(baseName(symbol)) ?? { name: symbol, file: "", line: 0 }) },
      rows: [],
      firstPush: NEVER,
      frameSet: null,
    }));
}

/** Names that the linker script gives to places between sections. */
function isLimit(symbol: string): boolean {
  return /^(?:kernel|text|rodata|symbols|data|multiboot2_header)_(?:start|end)$/.test(symbol);
}

/** NASM names labels within a routine `routine.label`. gcc's clones, `function.part.0`, are functions. */
function isLocalLabel(symbol: string, names: Names): boolean {
  return symbol.includes(".") && !names.has(baseName(symbol));
}

function baseName(symbol: string): string {
  return symbol.split(".")[0] ?? symbol;
}

/**
 * Every instruction with its places. Function and place stand in objdump's output when they change, the inlines always:
 *
 *     writeAnswer():
 *     kernel/demo/pageFaults.ts:40 (discriminator 1)
 *     inlined by kernel/demo/pageFaults.ts:18 (demoPageFault)
 *     ffffffff80201000:  mov ...
 */
function* readInstructions(disassembly: string): Generator<Instruction> {
  let inner: Place = { name: "", file: "", line: 0 };
  let outer: Place[] = [];
  for (const text of disassembly.split("\n")) {
    const instruction = /^\s*([0-9a-f]+):\t(.*?)\s*(?:#.*)?$/.exec(text);
    if (instruction !== null) {
      yield { address: BigInt(`0x${instruction[1]}`), places: [inner, ...outer], text: instruction[2] ?? "" };
      outer = [];
      continue;
    }
    const name = /^(\S+)\(\):$/.exec(text)?.[1];
    if (name !== undefined) inner = { ...inner, name };
    const place = /^(inlined by )?(\S.*?):(\d+)(?: \((?:discriminator \d+|(\S+))\))?$/.exec(text);
    if (place === null) continue;
    const found = { file: relativePath(place[2] ?? ""), line: Number(place[3]) };
    if (place[1] === undefined) inner = { ...inner, ...found };
    else outer.push({ ...found, name: place[4] ?? "" });
  }
}

/** Paths below the working directory become relative. NASM's name the directory twice. */
function relativePath(path: string): string {
  const normal = normalize(path);
  const root = `${process.cwd()}/`;
  const relative = normal.startsWith(root) ? normal.slice(root.length) : normal;
  return relative.replace(/^(.+)\/\1\/([^/]+)$/, "$1/$2");
}
