/**
 * The whole ambient surface of kernel TypeScript. There is no other library: `noLib` is on.
 *
 * Everything here is a word of the language. compiler/LANGUAGE.md is the manual; compiler/lang/runtime.h implements the
 * intrinsics. Sizes are in bytes, addresses are 64-bit integers, ports and selectors are 16-bit.
 */

// ---------------------------------------------------------------------------------------------------------------------
// Integers. `number` carries up to 32 bits, `bigint` 64. The optional brand keeps the width on declarations only: tsc
// lets a narrow width flow into a wider one, and the compiler types every expression itself.

declare const width: unique symbol;
declare const brand: unique symbol;
declare const volatileMark: unique symbol;

/** A truth value, one byte in memory. */
type bool = boolean;
type u8 = number & { readonly [width]?: "u8" };
type u16 = number & { readonly [width]?: "u8" | "u16" };
type u32 = number & { readonly [width]?: "u8" | "u16" | "u32" };
type i8 = number & { readonly [width]?: "i8" };
type i16 = number & { readonly [width]?: "u8" | "i8" | "i16" };
type i32 = number & { readonly [width]?: "u8" | "u16" | "i8" | "i16" | "i32" };
type u64 = bigint & { readonly [width]?: "u64" };
type i64 = bigint & { readonly [width]?: "i64" };
/** A size in bytes: the width of a pointer. */
type usize = u64;

/** What the conversion functions take. */
type AnyInteger = number | bigint;

/** Converts to 8 bits. The value must fit; `u8.wrap` keeps the low bits instead. */
declare function u8(value: AnyInteger): u8;
declare namespace u8 {
  const MAX: u8;
  function wrap(value: AnyInteger): u8;
}
/** Converts to 16 bits. The value must fit; `u16.wrap` keeps the low bits instead. */
declare function u16(value: AnyInteger): u16;
declare namespace u16 {
  const MAX: u16;
  function wrap(value: AnyInteger): u16;
}
/** Converts to 32 bits. The value must fit; `u32.wrap` keeps the low bits instead. */
declare function u32(value: AnyInteger): u32;
declare namespace u32 {
  const MAX: u32;
  function wrap(value: AnyInteger): u32;
}
/** Converts to 64 bits. The value must fit; `u64.wrap` reinterprets a negative value instead. */
declare function u64(value: AnyInteger): u64;
declare namespace u64 {
  const MAX: u64;
  function wrap(value: AnyInteger): u64;
}
declare function i8(value: AnyInteger): i8;
declare namespace i8 {
  const MIN: i8;
  const MAX: i8;
  function wrap(value: AnyInteger): i8;
}
declare function i16(value: AnyInteger): i16;
declare namespace i16 {
  const MIN: i16;
  const MAX: i16;
  function wrap(value: AnyInteger): i16;
}
declare function i32(value: AnyInteger): i32;
declare namespace i32 {
  const MIN: i32;
  const MAX: i32;
  function wrap(value: AnyInteger): i32;
}
declare function i64(value: AnyInteger): i64;
declare namespace i64 {
  const MIN: i64;
  const MAX: i64;
  function wrap(value: AnyInteger): i64;
}

/**
 * A distinct type over an integer: `type PhysAddr = u64 & Newtype<"PhysAddr">`. It flows into its base freely; the way in
 * is `as`, only in the file that declares it. Arithmetic gives the base type back; two newtypes never mix.
 */
type Newtype<Name extends string> = { readonly [brand]: Name };

/** Modular arithmetic by name: the result is the low bits, at the width of the operands (which must agree). */
declare function wrappingAdd<T extends AnyInteger>(left: T, right: T): T;
declare function wrappingSub<T extends AnyInteger>(left: T, right: T): T;
declare function wrappingMul<T extends AnyInteger>(left: T, right: T): T;

/** Whether this build looks for overflow: `--checks full`. For checks of the program's own. */
declare const CHECKED_BUILD: bool;

// ---------------------------------------------------------------------------------------------------------------------
// Memory.

/**
 * A class-typed field is stored inline. `Ref<T>` stores a pointer to T instead; `Ref<T> | null` one that may be null.
 * Everywhere else (parameters, results, variables) a class type already is a reference.
 */
type Ref<T> = T;

/** Every read and write of a location of this type happens exactly as written: for memory-mapped devices. */
type Volatile<T> = T & { readonly [volatileMark]?: true };

/** N elements, stored inline. Indexing is checked; `for (const x of array)` visits all. */
interface FixedArray<T, N extends number> {
  readonly length: N;
  [index: number]: T;
  [Symbol.iterator](): Iterator<T>;
}
/** `new FixedArray<T, N>()`: zeroed storage, static at module level, on the stack in a function. */
declare const FixedArray: { new <T, N extends number>(): FixedArray<T, N> };

/** A pointer and a length. Indexing is checked. A FixedArray converts to a Slice of its elements implicitly. */
interface Slice<T> {
  readonly length: number;
  [index: number]: T;
  [Symbol.iterator](): Iterator<T>;
}
/** Elements `start` up to, not including, `end`. Out of range: panic. */
declare function subslice<T>(slice: Slice<T>, start: u32, end: u32): Slice<T>;
/** A slice of no elements. */
declare function emptySlice<T>(): Slice<T>;

/** Elements that somebody else owns, their number unknown to the type: indexing is NOT checked. For loader tables. */
interface Many<T> {
  [index: number]: T;
}
/** The first `length` elements, from now on checked. */
declare function sliceOf<T>(elements: Many<T>, length: u32): Slice<T>;

/**
 * The one door from an integer to memory: T must be a class (gives a reference) or `Many<...>`. The caller vouches that the
 * address is mapped, aligned and of this type.
 */
declare function overlay<T>(address: u64): T;
/**
 * The address of a class instance, FixedArray, the elements of a Slice or Many, the bytes of a string, or a function.
 */
declare function addressOf(target: object | string): u64;
/** The address of a symbol that the linker script or an assembly file defines. */
declare function addressOfSymbol(name: string): u64;

/** Copies a whole struct or FixedArray; both must have the same type. */
declare function copyStruct<T extends object>(target: T, source: T): void;
/** Sets every byte of a struct or FixedArray to zero. */
declare function zeroStruct<T extends object>(target: T): void;

/** Size in bytes of T as stored inline. A constant. */
declare function sizeOf<T>(): u64;
/** Alignment in bytes of T. A constant. */
declare function alignOf<T>(): u64;
/** Offset in bytes of a field. A constant. Private fields may be named too. */
declare function offsetOf<T>(field: string): u64;
/** Fails the build when the constant condition is false. Top level only. */
declare function staticAssert(condition: boolean, message?: string): void;

/** Static storage in a section of its own: `const x = placed(".limine_requests", new Request())`. Never discarded. */
declare function placed<T>(section: string, value: T): T;
/** Gives a function the external C symbol `name`, so that assembly can call it. Top level only. */
declare function exportC(name: string, target: Function): void;
/** The same for a function that a trap entry calls: nothing that it leads to may recurse. Top level only. */
declare function exportTrap(name: string, handler: Function): void;
/** Keeps a function out of the code of its callers, which get shorter for it. Top level only. */
declare function calledRarely(target: Function): void;

/** Class decorator: no padding between fields, alignment 1. */
declare function packed(target: Function): void;
/** Class decorator: instances are aligned to this power of two. */
declare function aligned(bytes: number): (target: Function) => void;

// ---------------------------------------------------------------------------------------------------------------------
// Text. Strings are static UTF-8. A template literal is never a string: it is a Message, passed straight to a
// parameter of that type as a list of parts on the stack. A plain string is accepted as a Message too.

declare const messageMark: unique symbol;
/** Text with values in it, valid during the call it is passed to. Read it with `messageParts`. */
type Message = string & { readonly [messageMark]?: true };

/** One part of a Message, as its consumer sees it. */
declare class MessagePart {
  private constructor();
  /** What `value` and `text` hold. */
  readonly kind: MessagePartKind;
  /** Minimum number of digits for Hex, minimum number of columns otherwise; 0: none. */
  readonly width: u32;
  /** Pad on the left instead of on the right to reach `width`. */
  readonly alignRight: bool;
  /** For Text, and the member's name for an enum. */
  readonly text: string;
  /** The bits of the value, sign-extended for Signed. */
  readonly value: u64;
}
declare enum MessagePartKind {
  Text = 0,
  Unsigned = 1,
  Signed = 2,
  Hex = 3,
  Bool = 4,
  Char = 5,
}
declare function messageParts(message: Message): Slice<MessagePart>;

declare const formatted: unique symbol;
/** A value with a format, for the inside of a template literal only. */
type Formatted = { readonly [formatted]: true };
/** `0x` and at least `digits` hexadecimal digits. Newtypes over u64 are shown so without asking, with 16 digits. */
declare function hex(value: AnyInteger, digits?: number): Formatted;
/** One byte as a character. */
declare function char(value: u8): Formatted;
/** Padded with spaces on the left to at least `columns`. */
declare function alignRight(value: AnyInteger | string | boolean | Formatted, columns: number): Formatted;
/** Padded with spaces on the right to at least `columns`. */
declare function alignLeft(value: AnyInteger | string | boolean | Formatted, columns: number): Formatted;

/** Length of a string in bytes of UTF-8. */
declare function byteLength(text: string): u32;
/** The bytes of a string, not to be written. */
declare function bytesOf(text: string): Slice<u8>;
/** A string over bytes that somebody keeps alive and unchanged. */
declare function stringOver(bytes: Slice<u8>): string;

// ---------------------------------------------------------------------------------------------------------------------
// Words that the kernel binds once. Before they are bound (and in programs that bind none) they go to the host.

/** Ends everything: a broken invariant. Needs `bindPanic`. */
declare function panic(message: Message): never;
/** Panics when the condition is false. */
declare function assert(condition: boolean, message?: Message): asserts condition;
/** Log lines. The compiler adds the subsystem: the folder of the file (`mm`), or the file itself right under kernel/. */
declare namespace log {
  function debug(message: Message): void;
  function info(message: Message): void;
  function warn(message: Message): void;
  function error(message: Message): void;
}
/** Top level, once: what `panic`, failed assertions and failed checks call. `place` is "path/file.ts:line". */
declare function bindPanic(handler: (message: Message, place: string) => never): void;
/** Top level, once: what `log` calls. Level 0 is debug, 3 is error. */
declare function bindLog(handler: (level: u32, subsystem: string, message: Message) => void): void;

// ---------------------------------------------------------------------------------------------------------------------
// Bits.

/** Number of zero bits below the lowest one; 64 for zero. */
declare function trailingZeros(value: u64): u32;
/** Number of zero bits above the highest one; 64 for zero. */
declare function leadingZeros(value: u64): u32;
/** Number of one bits. */
declare function popCount(value: u64): u32;

// ---------------------------------------------------------------------------------------------------------------------
// The machine. Each is one instruction (Intel SDM Vol. 2), or a short loop of one. Only arch/ uses them.

declare function in8(port: u16): u8;
declare function in16(port: u16): u16;
declare function in32(port: u16): u32;
declare function out8(port: u16, value: u8): void;
declare function out16(port: u16, value: u16): void;
declare function out32(port: u16, value: u32): void;

declare function readCr0(): u64;
declare function writeCr0(value: u64): void;
declare function readCr2(): u64;
declare function readCr3(): u64;
declare function writeCr3(value: u64): void;
declare function readCr4(): u64;
declare function writeCr4(value: u64): void;
declare function readMsr(register: u32): u64;
declare function writeMsr(register: u32, value: u64): void;
declare function readRflags(): u64;

/** What CPUID left in the four registers. */
declare class CpuidResult {
  eax: u32;
  ebx: u32;
  ecx: u32;
  edx: u32;
}
declare function cpuid(leaf: u32, subleaf: u32, result: CpuidResult): void;

/** Invalidates the translation of one virtual address. */
declare function invlpg(address: u64): void;
/**
 * INVPCID. Kind 0: one address of one process context, 1: all of one context, 2: everything, 3: everything but global
 * translations.
 */
declare function invpcid(kind: u64, context: u64, address: u64): void;
/** Loads the global descriptor table register. `limit` is the table's size in bytes less one. */
declare function lgdt(base: u64, limit: u16): void;
/** Loads the interrupt descriptor table register. `limit` is the table's size in bytes less one. */
declare function lidt(base: u64, limit: u16): void;
declare function ltr(selector: u16): void;
/** Reloads CS (by a far return) and DS, ES, SS; FS and GS become null. */
declare function loadSegments(code: u16, data: u16): void;

declare function rdtsc(): u64;
declare function hlt(): void;
declare function cli(): void;
declare function sti(): void;
declare function pause(): void;
declare function int3(): void;
declare function mfence(): void;
declare function lfence(): void;
declare function sfence(): void;
/** Opens user pages to supervisor accesses (SMAP). */
declare function stac(): void;
declare function clac(): void;
/** RBP of the calling function: the head of the chain of stack frames. */
declare function framePointer(): u64;

/** Volatile accesses to an address that nothing in the type system describes. */
declare function peek8(address: u64): u8;
declare function peek32(address: u64): u32;
declare function peek64(address: u64): u64;
declare function poke8(address: u64, value: u8): void;
declare function poke32(address: u64, value: u32): void;
declare function poke64(address: u64, value: u64): void;

/** Sets `bytes` bytes from `address` to zero (rep stosq/stosb). */
declare function zeroMemory(address: u64, bytes: u64): void;
/** Copies `bytes` bytes; the ranges must not overlap. */
declare function copyMemory(target: u64, source: u64, bytes: u64): void;
/** Sets `bytes` bytes from `address` to `value`. */
declare function fillMemory(address: u64, value: u8, bytes: u64): void;

// ---------------------------------------------------------------------------------------------------------------------
// What the type checker itself asks for. Not for use.

interface Object {}
interface Function {}
interface CallableFunction extends Function {}
interface NewableFunction extends Function {}
interface IArguments {}
interface RegExp {}
interface Boolean {}
interface Number {}
interface BigInt {}
interface Symbol {}
interface String {}
interface Array<T> {
  readonly length: number;
  [index: number]: T;
  [Symbol.iterator](): Iterator<T>;
}
interface ReadonlyArray<T> {
  readonly length: number;
  readonly [index: number]: T;
  [Symbol.iterator](): Iterator<T>;
}
interface SymbolConstructor {
  readonly iterator: unique symbol;
}
declare const Symbol: SymbolConstructor;
interface IteratorResult<T> {
  readonly done: boolean;
  readonly value: T;
}
interface Iterator<T> {
  next(): IteratorResult<T>;
}
interface Iterable<T> {
  [Symbol.iterator](): Iterator<T>;
}
interface IterableIterator<T> extends Iterator<T> {
  [Symbol.iterator](): IterableIterator<T>;
}
interface TypedPropertyDescriptor<T> {
  value?: T;
}
