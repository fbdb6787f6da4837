/**
 * The door to the machine: the only inline C there is. All else in user/lib is TypeScript on top of these functions.
 *
 *   TypeScript ── systemCall(number, ...) ── SYSCALL ── the kernel
 *              ── peek, poke ─────────────── memory, byte by byte, at any address
 *              ── execute ────────────────── machine code
 *
 * machine.node.ts has the same functions for Node. Addresses and sizes are numbers: exact up to 2^53, and so for each
 * address of the lower half; addresses of the kernel half are negative, as the processor sign-extends them.
 *
 * The names that C text uses begin with `raw`, so that the bundler has no reason to rename them.
 */
import type { Call } from "./callNumbers";

Porffor.c`
#include <errno.h>
#include <sys/syscall.h>

extern char **environ;
long syscall(long number, ...);

static f64 raw_number(jsval value) { return value.val; }
static f64 raw_same(f64 value) { return value; }

/* A parameter as an integer or a pointer, whether Porffor has it unboxed or not. */
#define RAW_INTEGER(x) ((long)_Generic((x), jsval: raw_number, default: raw_same)(x))
#define RAW_BYTE(x) (*(volatile u8 *)RAW_INTEGER(x))

static u8 raw_exchange[65536];
`;

/** Bytes at `exchange()`. */
export const EXCHANGE_BYTES = 65536;

/** Memory through which arguments and answers of system calls go. The next function of the library overwrites it. */
export function exchange(): number {
  let rawResult = 0;
  Porffor.c`rawResult = (f64)(long)raw_exchange;`;
  return rawResult;
}

/** Enters the kernel. The answer is its own: a refusal is -errno. */
export function systemCall(rawCall: Call, rawA = 0, rawB = 0, rawC = 0, rawD = 0, rawE = 0, rawF = 0): number {
  let rawResult = 0;
  Porffor.c`
    long answer = syscall(RAW_INTEGER(rawCall), RAW_INTEGER(rawA), RAW_INTEGER(rawB), RAW_INTEGER(rawC),
                          RAW_INTEGER(rawD), RAW_INTEGER(rawE), RAW_INTEGER(rawF));
    rawResult = answer == -1 ? -errno : answer;`;
  return rawResult;
}

/** The byte at an address. Faults as any load does. */
export function peek(rawAddress: number): number {
  let rawResult = 0;
  Porffor.c`rawResult = RAW_BYTE(rawAddress);`;
  return rawResult;
}

/** Writes one byte. Faults as any store does. */
export function poke(rawAddress: number, rawByte: number): void {
  Porffor.c`RAW_BYTE(rawAddress) = RAW_INTEGER(rawByte);`;
}

/** Calls machine code as a C function without parameters; what it leaves in EAX. */
export function execute(rawAddress: number): number {
  let rawResult = 0;
  Porffor.c`rawResult = ((int (*)(void))RAW_INTEGER(rawAddress))();`;
  return rawResult;
}

/** Where the program's arguments begin: pointers to them, then 0. */
export function argumentVector(): number {
  let rawResult = 0;
  Porffor.c`rawResult = (f64)(long)porf_argv;`;
  return rawResult;
}

/** Where the environment begins: pointers to NAME=value, then 0. */
export function environmentVector(): number {
  let rawResult = 0;
  Porffor.c`rawResult = (f64)(long)environ;`;
  return rawResult;
}
