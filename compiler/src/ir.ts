// The typed tree between lowering and printing. Everything is decided in it: the printer only spells it out.
//
// Expressions of class and array type are addresses. A `place` is the TypeScript line that something came from.

import type { Range } from "./constants";
import type { EnumType, Field, FunctionType, SpanType, Type } from "./types";

export interface Place {
  readonly file: string;
  readonly line: number;
}

/** A parameter or a variable. `storage`: it is the class instance or array itself, not a reference to one. */
export interface Local {
  name: string;
  readonly type: Type;
  readonly storage: boolean;
  /** It refers to storage in this function's frame, so it must not outlive the call. */
  onStack: boolean;
}

/** A function, a method, or one instance of a generic one. */
export interface FunctionInfo {
  /** Its C name. */
  symbol: string;
  /** `walk` or `PageTable.walk`. */
  readonly name: string;
  readonly place: Place;
  readonly parameters: Local[];
  readonly result: Type;
  /** Defined in assembly. */
  readonly external: boolean;
  /** Has an external C symbol. */
  exported: boolean;
  /** Stays out of its callers' code. */
  rare: boolean;
  /** What its results have been proved to lie between, when they are integers. */
  results?: Range;
  body: Block | undefined;
}

/** A variable or object with static storage. */
export interface Global {
  symbol: string;
  readonly type: Type;
  /** It is the class instance or array itself, not a reference to one. */
  readonly storage: boolean;
  readonly readonly: boolean;
  /** A module constant initialised by a literal: it stays as it is written. */
  readonly table: boolean;
  readonly place: Place;
  section: string | undefined;
  exported: boolean;
  initialiser: Initialiser | undefined;
}

/** The value of static storage; undefined stands for zeros. */
export type Initialiser =
  | { readonly kind: "value"; readonly value: Expression }
  | { readonly kind: "struct"; readonly fields: readonly (readonly [Field, Initialiser])[] }
  | { readonly kind: "array"; readonly elements: readonly (Initialiser | undefined)[] }
  /** All elements of an array, however many, the same. */
  | { readonly kind: "repeat"; readonly element: Initialiser; readonly length: number };

export type ArithmeticOperator = "+" | "-" | "*" | "&" | "|" | "^";
export type ComparisonOperator = "===" | "!==" | "<" | "<=" | ">" | ">=";

/** `exact`: came out of `~` on a literal, so it also fits an unsigned type by its low bits. */
export interface ConstantExpression {
  readonly kind: "constant";
  readonly type: Type;
  readonly value: bigint;
  readonly complement?: boolean;
}

export interface TextExpression {
  readonly kind: "text";
  readonly type: Type;
  readonly text: string;
}

export interface LocalExpression {
  readonly kind: "local";
  readonly type: Type;
  readonly local: Local;
}

export interface GlobalExpression {
  readonly kind: "global";
  readonly type: Type;
  readonly global: Global;
}

export interface FieldExpression {
  readonly kind: "field";
  readonly type: Type;
  readonly object: Expression;
  readonly field: Field;
}

/** `check`: the length that the index is compared with, at run time. `temporary`: holds the slice meanwhile. */
export interface IndexExpression {
  readonly kind: "index";
  readonly type: Type;
  readonly base: Expression;
  readonly index: Expression;
  readonly checked: boolean;
  readonly place: Place;
  readonly temporary?: Local;
}

export interface MessagePartExpression {
  /** The number of a MessagePartKind. */
  readonly kind: number;
  readonly width: number;
  readonly alignRight: boolean;
  readonly text?: Expression;
  readonly value?: Expression;
}

export type Expression =
  | ConstantExpression
  | TextExpression
  | LocalExpression
  | GlobalExpression
  | FieldExpression
  | IndexExpression
  | { readonly kind: "null"; readonly type: Type }
  | { readonly kind: "function"; readonly type: FunctionType; readonly target: FunctionInfo }
  | { readonly kind: "length"; readonly type: Type; readonly slice: Expression }
  | { readonly kind: "complement" | "not"; readonly type: Type; readonly operand: Expression }
  | {
      readonly kind: "negate";
      readonly type: Type;
      readonly operand: Expression;
      /** Where it panics when the result does not fit; without it the low bits are kept. */
      readonly check?: Place;
    }
  | {
      readonly kind: "arithmetic";
      readonly type: Type;
      readonly operator: ArithmeticOperator;
      readonly left: Expression;
      readonly right: Expression;
      /** As above; only + - * have one. */
      readonly check?: Place;
    }
  | {
      readonly kind: "divide";
      readonly type: Type;
      readonly operator: "/" | "%";
      readonly left: Expression;
      readonly right: Expression;
      readonly place: Place;
    }
  | {
      readonly kind: "shift";
      readonly type: Type;
      readonly operator: "<<" | ">>";
      readonly left: Expression;
      readonly right: Expression;
    }
  | {
      readonly kind: "compare";
      readonly type: Type;
      readonly operator: ComparisonOperator;
      readonly left: Expression;
      readonly right: Expression;
    }
  | {
      readonly kind: "logical";
      readonly type: Type;
      readonly operator: "&&" | "||";
      readonly left: Expression;
      readonly right: Expression;
    }
  | {
      readonly kind: "convert";
      readonly type: Type;
      readonly operand: Expression;
      /** Where it panics when the value does not fit the type; without it the low bits are kept. */
      readonly check?: Place;
    }
  | {
      readonly kind: "conditional";
      readonly type: Type;
      readonly condition: Expression;
      readonly whenTrue: Expression;
      readonly whenFalse: Expression;
    }
  | {
      readonly kind: "call";
      readonly type: Type;
      readonly target: FunctionInfo | Expression;
      readonly args: readonly Expression[];
    }
  | {
      readonly kind: "intrinsic";
      readonly type: Type;
      readonly name: string;
      readonly args: readonly Expression[];
      readonly effect: Effect;
    }
  | { readonly kind: "symbolAddress"; readonly type: Type; readonly name: string }
  | { readonly kind: "addressOf"; readonly type: Type; readonly operand: Expression }
  | { readonly kind: "overlay"; readonly type: Type; readonly address: Expression }
  | { readonly kind: "copy"; readonly type: Type; readonly target: Expression; readonly source: Expression }
  | { readonly kind: "zero"; readonly type: Type; readonly target: Expression }
  | { readonly kind: "wrap" | "unwrap"; readonly type: Type; readonly operand: Expression }
  | { readonly kind: "isNull"; readonly type: Type; readonly operand: Expression; readonly negated: boolean }
  | { readonly kind: "message"; readonly type: Type; readonly parts: readonly MessagePartExpression[] }
  | { readonly kind: "enumName"; readonly type: Type; readonly enumeration: EnumType; readonly operand: Expression }
  | {
      readonly kind: "makeSlice";
      readonly type: SpanType;
      readonly elements: Expression;
      readonly length: Expression;
    }
  | {
      readonly kind: "subslice";
      readonly type: SpanType;
      readonly slice: Expression;
      readonly start: Expression;
      readonly end: Expression;
      readonly checked: boolean;
      readonly place: Place;
    }
  | {
      readonly kind: "sequence";
      readonly type: Type;
      readonly temporaries: readonly (readonly [Local, Expression])[];
      readonly result: Expression;
    };

export type Block = readonly Statement[];

/** Where `break outer` and `continue outer` go. */
export interface Label {
  readonly name: string;
  breaks: boolean;
  continues: boolean;
}

export interface SwitchGroup {
  readonly values: readonly bigint[];
  readonly isDefault: boolean;
  readonly body: Block;
}

interface Placed {
  readonly place: Place;
}

export type Statement = Placed &
  (
    | { readonly kind: "declare"; readonly local: Local; readonly value: Expression | undefined }
    | { readonly kind: "storage"; readonly local: Local; readonly initialiser: Initialiser | undefined }
    | { readonly kind: "assign"; readonly target: Expression; readonly value: Expression }
    | { readonly kind: "evaluate"; readonly value: Expression }
    | { readonly kind: "fail"; readonly condition: Expression; readonly failure: Expression }
    | {
        readonly kind: "if";
        readonly condition: Expression;
        readonly whenTrue: Block;
        readonly whenFalse: Block | undefined;
      }
    | {
        readonly kind: "loop";
        readonly form: "while" | "do" | "for";
        readonly start: Block;
        readonly condition: Expression | undefined;
        readonly update: Block;
        readonly body: Block;
        readonly label: Label | undefined;
      }
    | {
        readonly kind: "switch";
        readonly subject: Expression;
        readonly groups: readonly SwitchGroup[];
        readonly label: Label | undefined;
      }
    | { readonly kind: "break" | "continue"; readonly label: Label | undefined }
    | { readonly kind: "return"; readonly value: Expression | undefined }
    | { readonly kind: "block"; readonly body: Block; readonly label: Label | undefined }
  );

/** 0: its value never changes and it never fails. 1: it reads memory or may panic. 2: it may change something. */
export type Effect = 0 | 1 | 2;

/** The finished program, everything in the order of its modules. */
export interface ProgramIR {
  readonly functions: readonly FunctionInfo[];
  readonly globals: readonly Global[];
  readonly panicHandler: FunctionInfo | undefined;
  readonly logHandler: FunctionInfo | undefined;
  /** The host program's `main`. */
  readonly main: FunctionInfo | undefined;
}
