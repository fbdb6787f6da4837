// Every complaint the compiler can make: one stable code, one sentence, one suggestion each. `{0}`, `{1}` are filled in.
// TK1xxx: the construct is not in the language; TK2xxx: types; TK3xxx: constants; TK4xxx: memory, layout, references;
// TK5xxx: modules and linking. Codes are never reused. tsc's own errors keep their TSnnnn.

export interface DiagnosticKind {
  /** What the rule is about, for the manual. */
  readonly title: string;
  readonly message: string;
  readonly suggestion: string;
}

const kind = (title: string, message: string, suggestion: string): DiagnosticKind => ({ title, message, suggestion });

export const CODES = {
  TK1001: kind("construct outside the language", "{0} is not in the language", "{1}"),
  TK1002: kind("loose equality", "'{0}' converts its operands", "use '{0}='"),
  TK1003: kind("assignment as a value", "an assignment is a statement, not a value", "assign on a line of its own"),
  TK1004: kind("increment as a value", "'{0}' is a statement, not a value", "change the variable on a line of its own"),
  TK1005: kind(
    "function value",
    "{0} cannot capture variables and is not in the language",
    "declare a function at the top level of the module and name it here",
  ),
  TK1006: kind(
    "parameter form",
    "{0} is not in the language",
    "give every parameter a name, a type and, if any, a constant default",
  ),
  TK1007: kind("class member form", "{0} is not in the language", "{1}"),
  TK1008: kind("inheritance", "classes do not inherit", "put the shared part into a field"),
  TK1009: kind("top-level statement", "a module has no code of its own to run", "move the statement into a function"),
  TK1010: kind(
    "nested declaration",
    "{0} inside a function is not in the language",
    "move it to the top level of the module",
  ),
  TK1011: kind("destructuring", "destructuring is not in the language", "declare each variable by itself"),
  TK1012: kind("variable form", "{0} is not in the language", "use 'const' or 'let' with an initialiser or a type"),
  TK1013: kind("modifier", "the modifier '{0}' is not in the language here", "remove it"),
  TK1014: kind("decorator", "only @packed and @aligned(n) decorate, and only classes", "remove the decorator"),
  TK1015: kind("operator", "the operator '{0}' is not in the language", "{1}"),
  TK1016: kind(
    "template literal outside a message",
    "a template literal is a Message, not a string",
    "pass it straight to a parameter of type Message",
  ),
  TK1017: kind(
    "literal outside an initialiser",
    "{0} builds static storage only",
    "use it as the initialiser of a module constant with a declared type, or set the fields one by one",
  ),
  TK1018: kind(
    "unknown word",
    "'{0}' is not a word of the language here",
    "see compiler/LANGUAGE.md for the words there are",
  ),
  TK1019: kind(
    "format outside a message",
    "'{0}' formats a value inside a template literal only",
    "write it inside ${...} of a message",
  ),
  TK1020: kind(
    "string operator",
    "strings have no '{0}'",
    "log the parts with a template literal, or work on bytesOf(text)",
  ),
  TK1021: kind(
    "top-level word inside a function",
    "'{0}' belongs to the top level of a module",
    "move it out of the function",
  ),
  TK1022: kind(
    "fall-through",
    "this case falls into the next one",
    "end it with 'break', 'return', 'continue' or panic(...)",
  ),
  TK1023: kind("result of a void function", "'{0}' has no value", "call it as a statement"),
  TK1024: kind(
    "variable of another case",
    "'{0}' belongs to another case of the switch",
    "declare it before the switch, or give each case a block of its own",
  ),
  TK1025: kind(
    "nesting",
    "this is nested too deeply",
    "give parts of a long expression names, and inner blocks functions of their own",
  ),

  TK2001: kind("type without a width", "'{0}' has no width", "name one: {1}"),
  TK2002: kind("type outside the language", "the type '{0}' is not in the language", "{1}"),
  TK2003: kind("mixed integer types", "'{0}' cannot combine {1} with {2}", "convert one side, as in {3}(x)"),
  TK2004: kind(
    "union type",
    "a union may only be 'T | null', this is '{0}'",
    "use an enum beside the values, or T | null",
  ),
  TK2005: kind("condition", "a condition must be bool, this is {0}", "compare it: {1}"),
  TK2006: kind(
    "mixed newtypes",
    "'{0}' mixes {1} with {2}",
    "convert one of them with the function that its module offers",
  ),
  TK2007: kind(
    "cast into a newtype",
    "only {1} may make a {0} with 'as'",
    "call a function of that module that checks the value",
  ),
  TK2008: kind(
    "cast",
    "'as' cannot turn {0} into {1}",
    "use a conversion function such as u32(x), or overlay in arch/",
  ),
  TK2009: kind(
    "whole-struct assignment",
    "assigning a {0} would copy it or repoint it",
    "use copyStruct(target, source), or a Ref<T> field",
  ),
  TK2010: kind(
    "discarded result",
    "the result of '{0}' is not used",
    "use it, or discard it on purpose: void {0}(...)",
  ),
  TK2011: kind("missing type", "{0} needs a declared type", "{1}"),
  TK2012: kind("type mismatch", "{0} is needed here, this is {1}", "{2}"),
  TK2013: kind("operand", "'{0}' does not work on {1}", "{2}"),
  TK2014: kind(
    "comparison",
    "'{0}' cannot compare {1} with {2}",
    "compare integers, bools, strings or references of one type; for order, integers only",
  ),
  TK2015: kind("conversion", "'{0}' converts integers, this is {1}", "{2}"),
  TK2016: kind(
    "type argument",
    "the type argument {0} of '{1}' cannot be told from the call",
    "write it: {1}<...>(...)",
  ),
  TK2017: kind("instantiation depth", "'{0}' instantiates itself without end", "break the chain of type arguments"),
  TK2018: kind(
    "formatted value",
    "{0} cannot be part of a message",
    "write out an integer, bool, string or enum of it",
  ),
  TK2020: kind("switch subject", "'switch' does not work on {0}", "switch over an integer or an enum"),
  TK2021: kind(
    "index type",
    "an index must be an unsigned integer of up to 32 bits, this is {0}",
    "convert it: u32(i)",
  ),
  TK2022: kind("indexing", "{0} has no elements", "index a FixedArray, a Slice or a Many"),
  TK2023: kind("function reference", "{0} cannot be used as a value", "name a top-level function that is not generic"),
  TK2024: kind("type argument form", "{0} needs {1}", "{2}"),
  TK2025: kind(
    "mixed signedness",
    "'{0}' cannot combine {1} with {2}",
    "convert the one that is never negative: {3}(x)",
  ),
  TK2026: kind("nested null", "'{0}' already may be null", "one '| null' is enough"),
  TK2027: kind("newtype form", 'a newtype is an integer & Newtype<"Name">', 'write: type Name = u64 & Newtype<"Name">'),
  TK2028: kind("shift count", "a shift count must be unsigned, this is {0}", "convert it: u32(count)"),

  TK3001: kind(
    "value out of range",
    "{0} does not fit {1} ({2} to {3})",
    "use a wider type, or {1}.wrap(x) for the low bits",
  ),
  TK3002: kind("constant needed", "{0} must be a constant", "use literals, module constants and operators on them"),
  TK3003: kind(
    "cyclic constant",
    "the value of '{0}' depends on itself",
    "give one of the constants a value of its own",
  ),
  TK3004: kind("index out of range", "index {0} is out of range for length {1}", "indices go from 0 to {2}"),
  TK3005: kind("constant division by zero", "division by zero", "test the divisor"),
  TK3006: kind(
    "static assertion",
    "staticAssert failed{0}",
    "the layout or the constants differ from what the source states",
  ),
  TK3007: kind(
    "enum value",
    "the value of '{0}' must be a constant integer from 0 to 4294967295",
    "number the members",
  ),
  TK3008: kind("fraction", "{0} is not an integer", "there is no floating point in the language"),
  TK3009: kind(
    "array length",
    "an array length must be a constant from 1 to 4294967295, this is {0}",
    "name a positive constant",
  ),
  TK3010: kind("duplicate case", "the value {0} has a case already", "remove one of them"),
  TK3011: kind("constant shift", "a constant is shifted by {0}", "shift constants by 0 to 4095 bits"),

  TK4001: kind("cyclic layout", "{0} would contain itself", "hold the inner one by reference: Ref<{0}>"),
  TK4002: kind(
    "returned stack storage",
    "this storage ends with the function",
    "let the caller pass the object in, or make it a module constant",
  ),
  TK4003: kind(
    "stored stack storage",
    "this storage ends with the block, the place it is stored in may not",
    "copyStruct into storage that lives longer",
  ),
  TK4004: kind(
    "alignment",
    "@aligned takes a power of two from 1 to 4096 that is a constant",
    "write for example @aligned(16)",
  ),
  TK4005: kind("stored message", "a Message lives only during the call it is passed to", "pass it on as an argument"),
  TK4006: kind(
    "reference without a value",
    "'{0}' would start as null",
    "give it an initialiser, or the type {1} | null",
  ),
  TK4007: kind(
    "volatile type",
    "Volatile<T> is for integers, bools, enums and newtypes, this is {0}",
    "make the fields of the class Volatile",
  ),
  TK4008: kind("unknown field", "{0} has no field '{1}'", "name a field of the class"),
  TK4009: kind("new", "'new' makes storage only as the initialiser of a 'const'", "declare: const name = new {0}()"),
  TK4010: kind(
    "overlay type",
    "overlay gives a class or Many<...>, not {0}",
    "overlay<Many<...>>(address) for plain values",
  ),
  TK4011: kind("inline storage", "{0} cannot be stored here", "{1}"),
  TK4012: kind(
    "address",
    "{0} has no address",
    "take the address of an object, an array, a slice, a string or a function",
  ),
  TK4013: kind("reference type", "Ref<T> is for classes, this is {0}", "write the type itself"),
  TK4014: kind("object size", "{0} is larger than 2 GiB", "reach so much memory through overlay"),
  TK4015: kind("constant storage", "'{0}' is constant and cannot be written", "make it 'let'"),

  TK5001: kind("import form", "{0} is not in the language", 'write: import { name } from "./module"'),
  TK5002: kind("export form", "{0} is not in the language", "put 'export' before the declaration"),
  TK5003: kind("no entry", "{0} does not export 'main'", "write: export function main(): void { ... }"),
  TK5004: kind("bound twice", "{0} is bound already, at {1}", "bind it once in the whole program"),
  TK5005: kind("C symbol", "'{0}' cannot be a C symbol: {1}", "choose another name of letters, digits and _"),
  TK5006: kind(
    "linked target",
    "{0} cannot be given a C symbol",
    "name a function that is not generic, or a module constant that is storage",
  ),
  TK5007: kind(
    "ambient declaration",
    "only functions can be declared for assembly",
    "write: declare function name(...): type;",
  ),
  TK5008: kind("section name", "'{0}' is not a section name", "use a dot, letters, digits and _"),
  TK5009: kind("text needed", "{0} must be a string literal", "write it in quotes"),
  TK5010: kind("entry file", "there is no file {0}", "name the entry file of the program"),
  TK5011: kind(
    "recursion on a trap path",
    "a trap handler must not recurse: {0}",
    "write a loop, or remember what is left to do in an array of fixed size",
  ),
  TK5012: kind("source size", "{0} is larger than 1 MiB", "split it; large data belongs into a boot module"),
  TK5013: kind("source encoding", "{0} is not UTF-8", "save it as UTF-8"),
} as const;

export type Code = keyof typeof CODES;

export interface Diagnostic {
  /** TKnnnn, or TSnnnn for one of tsc. */
  readonly code: string;
  /** Relative to the project root. */
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** Characters from there on that it is about; editors underline them. */
  readonly length?: number;
  readonly message: string;
  readonly suggestion?: string;
}

const fill = (template: string, args: readonly string[]): string =>
  template.replace(/\{(\d)\}/g, (_, index: string) => shortened(args[Number(index)] ?? ""));

/** What is quoted of a source is long enough to be found, and no longer. */
const MAX_QUOTED = 200;

export const shortened = (text: string, limit = MAX_QUOTED): string =>
  text.length <= limit ? text : `${text.slice(0, limit - 20)}...${text.slice(-10)}`;

/** The message and the suggestion of a code, filled in. */
export function describe(code: Code, args: readonly string[]): { message: string; suggestion: string } {
  const entry: DiagnosticKind = CODES[code];
  return { message: fill(entry.message, args), suggestion: fill(entry.suggestion, args) };
}

export function formatDiagnostic(diagnostic: Diagnostic): string {
  const { file, line, column, code, message, suggestion } = diagnostic;
  const head = `${file}:${line}:${column}: error ${code}: ${message}`;
  return suggestion === undefined || suggestion === "" ? head : `${head}\n  suggestion: ${suggestion}`;
}

const order = (left: Diagnostic, right: Diagnostic): number =>
  (left.file < right.file ? -1 : left.file > right.file ? 1 : 0) ||
  left.line - right.line ||
  left.column - right.column ||
  (left.code < right.code ? -1 : left.code > right.code ? 1 : 0);

/** By place, each once: a generic function is lowered many times but complains about a line only once. */
export function sortDiagnostics(diagnostics: readonly Diagnostic[]): Diagnostic[] {
  const sorted = [...diagnostics].sort(order);
  return sorted.filter((current, index) => {
    const previous = sorted[index - 1];
    return previous === undefined || order(previous, current) !== 0;
  });
}
