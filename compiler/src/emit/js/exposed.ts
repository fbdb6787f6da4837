// What a module offers to TypeScript that runs on Node. Made by moduleExports.ts, printed by esModule.ts.

import type { ConstantExpression, Expression, FunctionInfo, Global, Initialiser, TextExpression } from "../../ir";
import type { EnumType, StructInfo, StructType } from "../../types";
import type { ModuleItems } from "./module";

/** `defaults`: the values of parameters that may be left out. */
export interface ExposedFunction {
  readonly target: FunctionInfo;
  readonly defaults: readonly (Expression | undefined)[];
}

export interface ClassMethod {
  readonly name: string;
  readonly isStatic: boolean;
  readonly function: ExposedFunction;
}

export type Exposed =
  | { readonly kind: "function"; readonly name: string; readonly function: ExposedFunction }
  | {
      readonly kind: "class";
      readonly name: string;
      readonly type: StructType;
      readonly methods: readonly ClassMethod[];
      readonly constants: readonly Exposed[];
      readonly initialiser: Initialiser | undefined;
    }
  | { readonly kind: "enum"; readonly name: string; readonly type: EnumType }
  | { readonly kind: "constant"; readonly name: string; readonly value: ConstantExpression | TextExpression }
  | { readonly kind: "global"; readonly name: string; readonly global: Global }
  /** Only its instances exist. */
  | { readonly kind: "generic"; readonly name: string };

export interface EsModule {
  /** Relative to the project root, as are the imports. */
  readonly path: string;
  readonly imports: readonly string[];
  readonly items: ModuleItems;
  readonly exposed: readonly Exposed[];
  /** A name for a class that is the same in every program. */
  readonly structKey: (info: StructInfo) => string;
}
