/**
 * Where x86_64 instructions end, and which of them move the stack pointer: as much as prologues need. "Intel 64 and
 * IA-32 Architectures Software Developer's Manual", volume 2, "Instruction Format" and "Opcode Map".
 *
 *     prefixes | REX | opcode | ModRM | SIB | displacement | immediate
 *
 * An opcode is one byte, or one behind 0f, 0f 38 or 0f 3a.
 */

/** Offsets in a function; null where there is no such instruction. */
export interface Prologue {
  /** The first instruction that moves RSP. */
  readonly firstPush: number | null;
  /** The first one that makes RBP the frame: `mov rbp, rsp`. */
  readonly frameSet: number | null;
}

interface Instruction {
  /** How many bytes stand between prefixes and opcode. */
  readonly escapes: number;
  readonly opcode: number;
  /** 0: there is none. */
  readonly rex: number;
  readonly modRm: number | null;
  /** Where the next one begins. */
  readonly end: number;
}

/**
 * What follows an opcode of one byte, 16 in a row:
 *
 *     .  nothing       b  8 bits                    M  ModRM, 8 bits        w  16 bits           o  an address
 *     m  ModRM         z  32 bits, or 16 with 66    Z  ModRM, then as z     e  16 bits, 8 bits   !  no instruction
 *     j  32 bits       v  as z, or 64 with REX.W    t  ModRM, for TEST b    T  ModRM, for TEST z
 */
const ONE_BYTE = [
  "mmmmbz!!mmmmbz!!", // 00: arithmetic
  "mmmmbz!!mmmmbz!!",
  "mmmmbz!!mmmmbz!!",
  "mmmmbz!!mmmmbz!!",
  "!!!!!!!!!!!!!!!!", // 40: REX
  "................", // 50: push, pop
  "!!!m!!!!zZbM....", // 60
  "bbbbbbbbbbbbbbbb", // 70: short jumps
  "MZ!Mmmmmmmmmmmmm", // 80
  "..........!.....", // 90
  "oooo....bz......", // a0
  "bbbbbbbbvvvvvvvv", // b0: mov
  "MMw.!!MZe.w..b!.", // c0
  "mmmm!!!.mmmmmmmm", // d0
  "bbbbbbbbjj!b....", // e0
  "!.!!..tT......mm", // f0
].join("");

/** What follows 0f and an opcode. */
const TWO_BYTES = [
  "mmmm!.....!.!m.M", // 00
  "mmmmmmmmmmmmmmmm",
  "mmmm!!!!mmmmmmmm",
  "......!.!!!!!!!!", // 30; 38 and 3a lead on
  "mmmmmmmmmmmmmmmm", // 40: cmov
  "mmmmmmmmmmmmmmmm",
  "mmmmmmmmmmmmmmmm",
  "MMMMmmm.mm!!mmmm", // 70
  "jjjjjjjjjjjjjjjj", // 80: jumps
  "mmmmmmmmmmmmmmmm", // 90: set
  "...mMm!!...mMmmm", // a0
  "mmmmmmmmmmMmmmmm", // b0
  "mmMmMMMm........", // c0: ...; bswap
  "mmmmmmmmmmmmmmmm",
  "mmmmmmmmmmmmmmmm",
  "mmmmmmmmmmmmmmmm",
].join("");

const PREFIXES: ReadonlySet<number> = new Set([0x26, 0x2e, 0x36, 0x3e, 0x64, 0x65, 0x66, 0x67, 0xf0, 0xf2, 0xf3]);
const OPERAND_SIZE = 0x66;
const ADDRESS_SIZE = 0x67;
const REX_W = 8;
const REX_R = 4;
const REX_B = 1;
const RSP = 4;
const RBP = 5;

/** push, pop, pushf, popf, enter, leave. */
const PUSHES_AND_POPS = new Set(
  [...Array(16).keys()].map((register) => 0x50 + register).concat([0x68, 0x6a, 0x8f, 0x9c, 0x9d, 0xc8, 0xc9]),
);
/** push and pop of FS and GS. */
const PUSHES_AND_POPS_0F = new Set([0xa0, 0xa1, 0xa8, 0xa9]);
/** xchg, mov: RSP is part of the opcode. */
const WRITES_OPCODE_REGISTER = new Set([0x94, 0xbc]);
/** Arithmetic without cmp, xchg, mov: ModRM names RSP as the operand, ... */
const WRITES_OPERAND = new Set([0x01, 0x09, 0x11, 0x19, 0x21, 0x29, 0x31, 0x81, 0x83, 0x87, 0x89, 0xc7]);
/** ... or as the register; also lea. */
const WRITES_REGISTER = new Set([0x03, 0x0b, 0x13, 0x1b, 0x23, 0x2b, 0x33, 0x87, 0x8b, 0x8d]);

/** Reads until both are found, to the end, or to what is no instruction that a kernel has in 64 bits. */
export function findPrologue(code: Uint8Array): Prologue {
  let firstPush: number | null = null;
  for (let at = 0; at < code.length;) {
    const instruction = readInstruction(code, at);
    if (instruction === null) break;
    if (movesStack(instruction)) firstPush ??= at;
    if (setsFrame(instruction)) return { firstPush: firstPush ?? at, frameSet: at };
    at = instruction.end;
  }
  return { firstPush, frameSet: null };
}

/** Null for what 64 bits do not have, for vector instructions with VEX or EVEX, and where the code ends too early. */
export function readInstruction(code: Uint8Array, start: number): Instruction | null {
  let at = start;
  let rex = 0;
  let operandSize = 4;
  let addressSize = 8;
  for (; PREFIXES.has(code[at]) || code[at] >> 4 === 4; at += 1) {
    rex = code[at] >> 4 === 4 ? code[at] : 0;
    if (code[at] === OPERAND_SIZE) operandSize = 2;
    if (code[at] === ADDRESS_SIZE) addressSize = 4;
  }
  const escapes = code[at] !== 0x0f ? 0 : code[at + 1] === 0x38 || code[at + 1] === 0x3a ? 2 : 1;
  const opcode = code[at + escapes];
  const follows = [ONE_BYTE[opcode], TWO_BYTES[opcode], code[at + 1] === 0x38 ? "m" : "M"][escapes] ?? "!";
  at += escapes + 1;
  const modRm = "mMZtT".includes(follows) ? code[at] : null;
  if (modRm !== null) at += modRmLength(modRm, code[at + 1]);
  at += immediateLength(follows, modRm, { operandSize: (rex & REX_W) === 0 ? operandSize : 8, addressSize });
  return follows === "!" || at > code.length ? null : { escapes, opcode, rex, modRm, end: at };
}

/** With the SIB byte behind it, and the displacement. */
function modRmLength(modRm: number, sib: number): number {
  const mode = modRm >> 6;
  const operand = modRm & 7;
  if (mode === 3) return 1;
  const base = operand === RSP ? sib & 7 : operand;
  const displacement = mode === 1 ? 1 : mode === 2 || base === RBP ? 4 : 0;
  return 1 + (operand === RSP ? 1 : 0) + displacement;
}

interface Sizes {
  readonly operandSize: number;
  readonly addressSize: number;
}

/** ModRM's register, or what tells operations of one opcode apart. */
function register(modRm: number | null): number {
  return ((modRm ?? 0) >> 3) & 7;
}

function immediateLength(follows: string, modRm: number | null, { operandSize, addressSize }: Sizes): number {
  const isTest = (register(modRm) & 6) === 0;
  switch (follows) {
    case "b":
    case "M":
      return 1;
    case "t":
      return isTest ? 1 : 0;
    case "w":
      return 2;
    case "e":
      return 3;
    case "j":
      return 4;
    case "z":
    case "Z":
      return Math.min(operandSize, 4);
    case "T":
      return isTest ? Math.min(operandSize, 4) : 0;
    case "v":
      return operandSize;
    case "o":
      return addressSize;
    default:
      return 0;
  }
}

/** Pushes, pops, and what writes RSP the way that compilers and people do it. Calls leave it as it was. */
function movesStack({ escapes, opcode, rex, modRm }: Instruction): boolean {
  if (escapes !== 0) return escapes === 1 && PUSHES_AND_POPS_0F.has(opcode);
  if (PUSHES_AND_POPS.has(opcode)) return true;
  if (modRm === null) return WRITES_OPCODE_REGISTER.has(opcode) && (rex & REX_B) === 0;
  const operation = register(modRm);
  if (opcode === 0xff && operation === 6) return true;
  const isCompare = (opcode === 0x81 || opcode === 0x83) && operation === 7;
  const isOperand = modRm >> 6 === 3 && (modRm & 7) === RSP && (rex & REX_B) === 0;
  const isRegister = operation === RSP && (rex & REX_R) === 0;
  return (isOperand && WRITES_OPERAND.has(opcode) && !isCompare) || (isRegister && WRITES_REGISTER.has(opcode));
}

/** `mov rbp, rsp`, which has two encodings. */
function setsFrame({ escapes, opcode, rex, modRm }: Instruction): boolean {
  if (escapes !== 0 || (rex & ~0x40) !== REX_W) return false;
  return (opcode === 0x89 && modRm === 0xe5) || (opcode === 0x8b && modRm === 0xec);
}
