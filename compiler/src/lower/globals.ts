// Module variables: constants without storage, and static storage with its initial value. Modules run no code, so every
// initialiser is spelled out in the image.

import ts from "typescript";

import { safeName } from "../cNames";
import { constant } from "../constants";
import type { Expression, Global, Initialiser } from "../ir";
import { checkStorable, fixedArray, layOut, resolveStorage, sizeAndAlign, structFor, isStatic } from "../resolve";
import {
  U32,
  arrayOf,
  inline,
  isAggregate,
  type ArrayType,
  type Field,
  type SpanType,
  type Storage,
  type StructType,
} from "../types";
import { NO_TYPE_ARGUMENTS, isAmbient, type Unit } from "../unit";
import { evaluateConstant, isScalarConstant } from "./constantValues";
import { withWidth } from "./conversions";
import { lowerExpression, lowerTo } from "./expressions";
import { Scope, constantScope } from "./scope";

/** What the name of a module variable stands for in an expression. */
export function moduleVariable(unit: Unit, symbol: ts.Symbol, node: ts.VariableDeclaration): Expression {
  const constantValue = isConst(node) ? moduleConstant(unit, symbol, node) : undefined;
  if (constantValue !== undefined) return constantValue;
  const global = globalFor(unit, symbol, node);
  return { kind: "global", type: global.type, global };
}

const isConst = (node: ts.VariableDeclaration): boolean =>
  ts.isVariableDeclarationList(node.parent) && (node.parent.flags & ts.NodeFlags.Const) !== 0;

/** The value of a constant that needs no storage. */
function moduleConstant(unit: Unit, symbol: ts.Symbol, node: ts.VariableDeclaration): Expression | undefined {
  const { initializer } = node;
  if (initializer === undefined) return undefined;
  if (node.type === undefined) {
    if (makesStorage(initializer)) return undefined;
    return evaluateConstant(unit, symbol, initializer, undefined);
  }
  const { type, volatile } = resolveStorage(unit, node.type, NO_TYPE_ARGUMENTS);
  if (!isScalarConstant(type) || volatile) return undefined;
  const value = evaluateConstant(unit, symbol, initializer, type);
  return value ?? unit.fail(initializer, "TK3002", `the value of '${symbol.name}'`);
}

/** Initialisers that never are plain constants. */
function makesStorage(node: ts.Expression): boolean {
  if (ts.isCallExpression(node)) return node.expression.getText() === "placed";
  return ts.isNewExpression(node) || ts.isObjectLiteralExpression(node) || ts.isArrayLiteralExpression(node);
}

const isLiteral = (node: ts.Expression): boolean =>
  ts.isObjectLiteralExpression(node) || ts.isArrayLiteralExpression(node);

/** The static storage of a module variable. */
export function globalFor(unit: Unit, symbol: ts.Symbol, node: ts.VariableDeclaration): Global {
  const known = unit.globals.get(symbol);
  if (known !== undefined) return known;
  if (!ts.isIdentifier(node.name)) return unit.fail(node, "TK1011");
  const { section, value } = unwrapPlaced(unit, node.initializer);
  const storage = globalStorage(unit, node, value);
  const owns =
    isAggregate(storage.type) && !storage.ref && isConst(node) && (value === undefined || makesStorage(value));
  const global: Global = {
    symbol: unit.uniqueName(`${unit.modulePrefix(node.getSourceFile())}__${safeName(node.name.text)}`),
    type: storage.type,
    storage: owns,
    readonly: isConst(node),
    table: isConst(node) && section === undefined && value !== undefined && isLiteral(value),
    place: unit.place(node),
    section,
    exported: false,
    initialiser: undefined,
  };
  unit.globals.set(symbol, global);
  global.initialiser = globalInitialiser(
    unit,
    node,
    value,
    owns ? storage : { ...storage, ref: isAggregate(storage.type) },
  );
  return global;
}

function globalStorage(unit: Unit, node: ts.VariableDeclaration, value: ts.Expression | undefined): Storage {
  const storage =
    node.type === undefined ? impliedStorage(unit, node, value) : resolveStorage(unit, node.type, NO_TYPE_ARGUMENTS);
  checkStorable(unit, node, storage);
  if (!storage.ref) sizeAndAlign(unit, storage, node);
  return storage;
}

function impliedStorage(unit: Unit, node: ts.VariableDeclaration, value: ts.Expression | undefined): Storage {
  if (value === undefined) return unit.fail(node, "TK2011", `'${node.name.getText()}'`, "write name: type");
  const scope = constantScope(unit);
  if (ts.isNewExpression(value)) return inline(newType(scope, value));
  if (makesStorage(value)) return unit.fail(node, "TK2011", `'${node.name.getText()}'`, "write name: type = value");
  return inline(withWidth(unit, lowerExpression(scope, value), value).type);
}

function globalInitialiser(
  unit: Unit,
  node: ts.VariableDeclaration,
  value: ts.Expression | undefined,
  storage: Storage,
): Initialiser | undefined {
  if (value !== undefined) return lowerInitialiser(constantScope(unit), value, storage);
  const { kind } = storage.type;
  if (isAggregate(storage.type) || kind === "many" || kind === "function")
    return unit.fail(node, "TK4006", node.name.getText(), storage.type.key);
  return undefined;
}

/** `placed(".section", value)` apart. */
function unwrapPlaced(
  unit: Unit,
  node: ts.Expression | undefined,
): { section: string | undefined; value: ts.Expression | undefined } {
  const isPlaced =
    node !== undefined &&
    ts.isCallExpression(node) &&
    node.expression.getText() === "placed" &&
    isAmbient(unit.symbolOf(node.expression) ?? unit.fail(node, "TK1018", "placed"));
  if (!isPlaced) return { section: undefined, value: node };
  const [section, value] = node.arguments;
  if (section === undefined || !ts.isStringLiteral(section)) return unit.fail(node, "TK5009", "the section");
  if (!/^[.A-Za-z_][.A-Za-z0-9_]*$/.test(section.text)) return unit.fail(section, "TK5008", section.text);
  return { section: section.text, value };
}

// ---------------------------------------------------------------------------------------------------------------------
// Initialisers.

/** The class or array that `new` makes. */
export function newType(scope: Scope, node: ts.NewExpression): StructType | ArrayType {
  const symbol = scope.unit.symbolOf(node.expression);
  if (symbol !== undefined && isAmbient(symbol) && symbol.name === "FixedArray") {
    const type = fixedArray(scope.unit, node, scope.typeArguments);
    if (type.kind === "array") return type;
  }
  const declaration = symbol?.valueDeclaration;
  if (declaration === undefined || !ts.isClassDeclaration(declaration))
    return scope.fail(node, "TK1018", node.expression.getText());
  const storages = (node.typeArguments ?? []).map((argument) => scope.storageOf(argument));
  const type = structFor(scope.unit, declaration, storages, node);
  layOut(scope.unit, type, node);
  return type;
}

/** The initial value of a storage; undefined stands for zeros. */
export function lowerInitialiser(scope: Scope, node: ts.Expression, storage: Storage): Initialiser | undefined {
  if (ts.isParenthesizedExpression(node)) return lowerInitialiser(scope, node.expression, storage);
  const { type } = storage;
  if (isAggregate(type) && !storage.ref) return inlineInitialiser(scope, node, type);
  const target = type.kind === "nullable" ? type.inner : type;
  if (makesStorage(node) && target.kind === "slice" && ts.isArrayLiteralExpression(node))
    return sliceInitialiser(scope, node, target);
  if (makesStorage(node) && isAggregate(target)) return value(hiddenStorage(scope.unit, node, inline(target)));
  const expression = lowerTo(scope, node, type);
  if (!isStaticValue(expression)) return scope.fail(node, "TK3002", "an initialiser");
  return value(expression);
}

const value = (expression: Expression): Initialiser => ({ kind: "value", value: expression });

function inlineInitialiser(scope: Scope, node: ts.Expression, type: StructType | ArrayType): Initialiser | undefined {
  if (ts.isNewExpression(node)) return newInitialiser(scope, node, type);
  if (ts.isObjectLiteralExpression(node) && type.kind === "struct") return objectInitialiser(scope, node, type);
  if (ts.isArrayLiteralExpression(node) && type.kind === "array") return arrayInitialiser(scope, node, type);
  return scope.fail(node, "TK2009", type.key);
}

function newInitialiser(scope: Scope, node: ts.NewExpression, type: StructType | ArrayType): Initialiser | undefined {
  const made = newType(scope, node);
  if (made.key !== type.key) return scope.fail(node, "TK2012", type.key, made.key, `write: new ${type.key}()`);
  return defaultInitialiser(scope.unit, inline(type), node);
}

/** What fresh storage holds: the field initialisers of its classes, zeros elsewhere. */
export function defaultInitialiser(unit: Unit, storage: Storage, use: ts.Node): Initialiser | undefined {
  const { type } = storage;
  if (storage.ref) return undefined;
  if (type.kind === "array") {
    const element = defaultInitialiser(unit, type.element, use);
    return element === undefined ? undefined : { kind: "repeat", element, length: type.length };
  }
  return type.kind === "struct" ? structDefaults(unit, type, use) : undefined;
}

function structDefaults(unit: Unit, type: StructType, use: ts.Node): Initialiser | undefined {
  const { node, typeArguments } = layOut(unit, type, use);
  const scope = new Scope(unit, typeArguments, undefined, undefined);
  const fields: [Field, Initialiser][] = [];
  for (const field of type.info.fields) {
    const initialiser = fieldDefault(scope, node, field, use);
    if (initialiser !== undefined) fields.push([field, initialiser]);
  }
  return fields.length === 0 ? undefined : { kind: "struct", fields };
}

function fieldDefault(scope: Scope, node: ts.ClassDeclaration, field: Field, use: ts.Node): Initialiser | undefined {
  const member = node.members.find(
    (candidate) =>
      ts.isPropertyDeclaration(candidate) && !isStatic(candidate) && candidate.name.getText() === field.name,
  );
  const initializer = member !== undefined && ts.isPropertyDeclaration(member) ? member.initializer : undefined;
  if (initializer === undefined) return defaultInitialiser(scope.unit, field.storage, use);
  return lowerInitialiser(scope, initializer, field.storage);
}

function objectInitialiser(scope: Scope, node: ts.ObjectLiteralExpression, type: StructType): Initialiser | undefined {
  const entry = layOut(scope.unit, type, node);
  const defaults = new Scope(scope.unit, entry.typeArguments, undefined, undefined);
  const given = new Map(node.properties.map((property) => [property.name?.getText() ?? "", property]));
  const fields: [Field, Initialiser][] = [];
  for (const field of type.info.fields) {
    const property = given.get(field.name);
    const initialiser =
      property === undefined ? fieldDefault(defaults, entry.node, field, node) : propertyValue(scope, property, field);
    if (initialiser !== undefined) fields.push([field, initialiser]);
  }
  return fields.length === 0 ? undefined : { kind: "struct", fields };
}

function propertyValue(scope: Scope, node: ts.ObjectLiteralElementLike, field: Field): Initialiser | undefined {
  if (ts.isPropertyAssignment(node)) return lowerInitialiser(scope, node.initializer, field.storage);
  if (ts.isShorthandPropertyAssignment(node))
    return scope.fail(node, "TK1001", "a shorthand property", "write name: value");
  return scope.fail(node, "TK1001", "this kind of property", "write name: value");
}

function arrayInitialiser(scope: Scope, node: ts.ArrayLiteralExpression, type: ArrayType): Initialiser {
  const elements = node.elements.map((element) => {
    if (ts.isSpreadElement(element)) return scope.fail(element, "TK1001", "'...'", "write the elements out");
    return lowerInitialiser(scope, element, type.element);
  });
  if (elements.length > type.length)
    scope.fail(node, "TK3004", String(elements.length - 1), String(type.length), String(type.length - 1));
  return { kind: "array", elements };
}

/** A constant slice: its elements live in storage of their own. */
function sliceInitialiser(scope: Scope, node: ts.ArrayLiteralExpression, type: SpanType): Initialiser | undefined {
  if (node.elements.length === 0) return undefined;
  const array = arrayOf(type.element, node.elements.length);
  const elements = hiddenStorage(scope.unit, node, inline(array));
  return value({ kind: "makeSlice", type, elements, length: constant(U32, BigInt(array.length)) });
}

function hiddenStorage(unit: Unit, node: ts.Expression, storage: Storage): Expression {
  const prefix = unit.modulePrefix(node.getSourceFile());
  const { type } = storage;
  const global: Global = {
    symbol: unit.uniqueName(`${prefix}__storage`),
    type,
    storage: true,
    readonly: false,
    table: false,
    place: unit.place(node),
    section: undefined,
    exported: false,
    initialiser: lowerInitialiser(constantScope(unit), node, storage),
  };
  unit.hiddenGlobals.push(global);
  return { kind: "global", type, global };
}

/** What the linker can fill in: constants, and addresses of what has static storage. */
function isStaticValue(expression: Expression): boolean {
  switch (expression.kind) {
    case "constant":
    case "text":
    case "null":
    case "function":
    case "symbolAddress":
      return true;
    case "global":
      return expression.global.storage;
    case "field":
      return isAggregate(expression.type) && !expression.field.storage.ref && isStaticValue(expression.object);
    case "index":
      return isAggregate(expression.type) && !expression.checked && isStaticElement(expression);
    case "wrap":
    case "unwrap":
    case "addressOf":
      return isStaticValue(expression.operand);
    case "makeSlice":
      return isStaticValue(expression.elements);
    default:
      return false;
  }
}

function isStaticElement(expression: Expression & { kind: "index" }): boolean {
  const { base, index } = expression;
  return base.type.kind === "array" && !base.type.element.ref && index.kind === "constant" && isStaticValue(base);
}
