// From type nodes to types. The checker erases what matters here (`Ref<T>` is T to it, u8 and u32 are both number), so the
// syntax is read instead, and the checker is only asked what a name means.

import ts from "typescript";

import { asciiName, safeName } from "./cNames";
import { layoutOf, roundUp } from "./layout";
import { constantLength, enumValue } from "./lower/constantValues";
import {
  BOOL,
  INTEGERS,
  MESSAGE,
  NEVER,
  STRING,
  U64,
  VOID,
  arrayOf,
  functionType,
  inline,
  integerBase,
  isAggregate,
  manyOf,
  nullable,
  sizeType,
  sliceOf,
  storageKey,
  type EnumType,
  type Field,
  type NewtypeType,
  type Storage,
  type StructInfo,
  type StructType,
  type Type,
} from "./types";
import { NO_TYPE_ARGUMENTS, Rejected, isAmbient, type StructEntry, type TypeArguments, type Unit } from "./unit";

const MAXIMUM_DEPTH = 32;
/** Characters of a type written out: aliases and type arguments can double it at each step. */
const MAXIMUM_KEY = 2000;
const MAXIMUM_SIZE = 2 ** 31;

/** The type of a value that is declared with this node. */
export const resolveType = (unit: Unit, node: ts.TypeNode, typeArguments: TypeArguments): Type =>
  resolveStorage(unit, node, typeArguments).type;

/** The storage that this node describes: what a field or an element of this type is. */
export function resolveStorage(unit: Unit, node: ts.TypeNode, typeArguments: TypeArguments): Storage {
  if (ts.isParenthesizedTypeNode(node)) return resolveStorage(unit, node.type, typeArguments);
  if (ts.isTypeReferenceNode(node)) return resolveReference(unit, node, typeArguments);
  return inline(resolvePlain(unit, node, typeArguments));
}

function resolvePlain(unit: Unit, node: ts.TypeNode, typeArguments: TypeArguments): Type {
  if (ts.isUnionTypeNode(node)) return resolveUnion(unit, node, typeArguments);
  if (ts.isFunctionTypeNode(node)) return resolveFunctionType(unit, node, typeArguments);
  if (ts.isLiteralTypeNode(node)) return resolveLiteral(unit, node);
  if (ts.isTypeQueryNode(node)) return sizeType(constantLength(unit, node.exprName));
  return resolveKeyword(unit, node);
}

function resolveKeyword(unit: Unit, node: ts.TypeNode): Type {
  switch (node.kind) {
    case ts.SyntaxKind.VoidKeyword:
      return VOID;
    case ts.SyntaxKind.NeverKeyword:
      return NEVER;
    case ts.SyntaxKind.BooleanKeyword:
      return BOOL;
    case ts.SyntaxKind.StringKeyword:
      return STRING;
    case ts.SyntaxKind.NumberKeyword:
      return unit.fail(node, "TK2001", "number", "u8, u16, u32, i8, i16 or i32");
    case ts.SyntaxKind.BigIntKeyword:
      return unit.fail(node, "TK2001", "bigint", "u64 or i64");
    case ts.SyntaxKind.ArrayType:
    case ts.SyntaxKind.TupleType:
      return unit.fail(node, "TK2002", node.getText(), "use FixedArray<T, N> or Slice<T>");
    case ts.SyntaxKind.TypeLiteral:
      return unit.fail(node, "TK2002", node.getText(), "declare a class");
    case ts.SyntaxKind.IntersectionType:
      return unit.fail(node, "TK2027");
    default:
      return unit.fail(node, "TK2002", node.getText(), "name the exact type");
  }
}

function resolveLiteral(unit: Unit, node: ts.LiteralTypeNode): Type {
  if (ts.isNumericLiteral(node.literal)) return sizeType(BigInt(Number(node.literal.text)));
  return unit.fail(node, "TK2002", node.getText(), "name the exact type");
}

function resolveUnion(unit: Unit, node: ts.UnionTypeNode, typeArguments: TypeArguments): Type {
  const isNull = (member: ts.TypeNode): boolean =>
    ts.isLiteralTypeNode(member) && member.literal.kind === ts.SyntaxKind.NullKeyword;
  const members = node.types.filter((member) => !isNull(member));
  const [member] = members;
  if (member === undefined || members.length !== 1) return unit.fail(node, "TK2004", node.getText());
  const inner = resolveType(unit, member, typeArguments);
  if (inner.kind === "nullable") return unit.fail(node, "TK2026", member.getText());
  if (inner.kind === "void" || inner.kind === "never" || inner.kind === "message")
    return unit.fail(node, "TK2004", node.getText());
  return nullable(inner);
}

function resolveFunctionType(unit: Unit, node: ts.FunctionTypeNode, typeArguments: TypeArguments): Type {
  if (node.typeParameters !== undefined) unit.fail(node, "TK2002", node.getText(), "write a type without parameters");
  const parameters = node.parameters.map((parameter) => {
    if (parameter.dotDotDotToken ?? parameter.questionToken) unit.fail(parameter, "TK1006", "an optional parameter");
    if (parameter.type === undefined) return unit.fail(parameter, "TK2011", "a parameter", "write name: type");
    return parameterType(unit, parameter.type, typeArguments);
  });
  const type = functionType(parameters, resultType(unit, node.type, typeArguments));
  return type.key.length > MAXIMUM_KEY ? unit.fail(node, "TK1025") : type;
}

/** The type of a parameter: one that has values. */
export function parameterType(unit: Unit, node: ts.TypeNode, typeArguments: TypeArguments): Type {
  const type = resolveType(unit, node, typeArguments);
  const { kind } = type;
  if (kind === "void" || kind === "never" || kind === "size")
    unit.fail(node, "TK4011", type.key, "name a type that has values");
  return type;
}

/** The type of a result: a value, or nothing, but no Message, which would not outlive the call. */
export function resultType(unit: Unit, node: ts.TypeNode, typeArguments: TypeArguments): Type {
  const type = resolveType(unit, node, typeArguments);
  if (type.kind === "message") unit.fail(node, "TK4005");
  if (type.kind === "size") unit.fail(node, "TK4011", type.key, "name a type that has values");
  return type;
}

// ---------------------------------------------------------------------------------------------------------------------
// Names.

function resolveReference(unit: Unit, node: ts.TypeReferenceNode, typeArguments: TypeArguments): Storage {
  const symbol = unit.symbolOf(node.typeName);
  if (symbol === undefined) return unit.fail(node, "TK1018", node.getText());
  const known = typeArguments.get(symbol);
  if (known !== undefined) return known;
  if (isAmbient(symbol)) return resolveWord(unit, node, symbol, typeArguments);
  const declaration = symbol.declarations?.[0];
  if (declaration !== undefined && ts.isClassDeclaration(declaration))
    return inline(structFor(unit, declaration, storagesOf(unit, node, typeArguments), node));
  if (declaration !== undefined && ts.isEnumDeclaration(declaration)) return inline(enumFor(unit, symbol));
  if (declaration !== undefined && ts.isTypeAliasDeclaration(declaration))
    return resolveAlias(unit, node, declaration, typeArguments);
  return unit.fail(node, "TK2002", node.getText(), "declare a class");
}

const storagesOf = (unit: Unit, node: ts.TypeReferenceNode | ts.NewExpression, outer: TypeArguments): Storage[] =>
  (node.typeArguments ?? []).map((argument) => resolveStorage(unit, argument, outer));

function resolveAlias(
  unit: Unit,
  node: ts.TypeReferenceNode,
  alias: ts.TypeAliasDeclaration,
  outer: TypeArguments,
): Storage {
  const newtype = newtypeFor(unit, alias);
  if (newtype !== undefined) return inline(newtype);
  const inner = bindTypeParameters(unit, alias.typeParameters, storagesOf(unit, node, outer), node);
  if (unit.openAliases.has(alias)) return unit.fail(node, "TK2002", node.getText(), "an alias cannot contain itself");
  unit.openAliases.add(alias);
  try {
    return resolveStorage(unit, alias.type, inner);
  } finally {
    unit.openAliases.delete(alias);
  }
}

/** `integer & Newtype<"Name">`, in either order. */
export function newtypeFor(unit: Unit, alias: ts.TypeAliasDeclaration): NewtypeType | undefined {
  if (!ts.isIntersectionTypeNode(alias.type)) return undefined;
  const parts = alias.type.types;
  const isBrand = (part: ts.TypeNode): boolean => ts.isTypeReferenceNode(part) && part.typeName.getText() === "Newtype";
  const base = parts.find((part) => !isBrand(part));
  if (parts.length !== 2 || !parts.some(isBrand) || base === undefined) return unit.fail(alias.type, "TK2027");
  const integer = resolveType(unit, base, NO_TYPE_ARGUMENTS);
  if (integer.kind !== "integer") return unit.fail(alias.type, "TK2027");
  const name = alias.name.text;
  const file = unit.path(alias.getSourceFile());
  return { kind: "newtype", key: uniqueKey(unit, name, alias), name, base: integer, file };
}

/** The name, or with a number when another declaration of the program has it too: a key must tell types apart. */
function uniqueKey(unit: Unit, name: string, declaration: ts.Node): string {
  const owners = namesOf(unit, name);
  const index = owners.indexOf(declaration);
  if (index < 0) owners.push(declaration);
  const position = index < 0 ? owners.length - 1 : index;
  return position === 0 ? name : `${name} (${unit.path(declaration.getSourceFile())})`;
}

const declaredNames = new WeakMap<Unit, Map<string, ts.Node[]>>();

function namesOf(unit: Unit, name: string): ts.Node[] {
  const names = declaredNames.get(unit) ?? new Map<string, ts.Node[]>();
  declaredNames.set(unit, names);
  const owners = names.get(name) ?? [];
  names.set(name, owners);
  return owners;
}

type WordResolver = (unit: Unit, node: ts.TypeReferenceNode, outer: TypeArguments) => Storage;

const WORDS: Readonly<Record<string, WordResolver>> = {
  bool: () => inline(BOOL),
  usize: () => inline(U64),
  Message: () => inline(MESSAGE),
  Ref: (unit, node, outer) => resolveRef(unit, node, outer),
  Volatile: (unit, node, outer) => resolveVolatile(unit, node, outer),
  FixedArray: (unit, node, outer) => inline(fixedArray(unit, node, outer)),
  Slice: (unit, node, outer) => inline(sliceOf(elementOf(unit, node, outer))),
  Many: (unit, node, outer) => inline(manyOf(elementOf(unit, node, outer))),
};

function resolveWord(unit: Unit, node: ts.TypeReferenceNode, symbol: ts.Symbol, outer: TypeArguments): Storage {
  const integer = INTEGERS.get(symbol.name);
  if (integer !== undefined) return inline(integer);
  const resolver = Object.hasOwn(WORDS, symbol.name) ? WORDS[symbol.name] : undefined;
  if (resolver !== undefined) return resolver(unit, node, outer);
  const declaration = symbol.declarations?.[0];
  if (declaration !== undefined && ts.isClassDeclaration(declaration))
    return inline(structFor(unit, declaration, [], node));
  if (declaration !== undefined && ts.isEnumDeclaration(declaration)) return inline(enumFor(unit, symbol));
  return unit.fail(node, "TK1018", symbol.name);
}

function argumentAt(unit: Unit, node: ts.TypeReferenceNode | ts.NewExpression, index: number): ts.TypeNode {
  return node.typeArguments?.[index] ?? unit.fail(node, "TK2024", node.getText(), "type arguments", "write them all");
}

function resolveRef(unit: Unit, node: ts.TypeReferenceNode, outer: TypeArguments): Storage {
  const { type } = resolveStorage(unit, argumentAt(unit, node, 0), outer);
  if (!isAggregate(type)) return unit.fail(node, "TK4013", type.key);
  return { type, ref: true, volatile: false };
}

function resolveVolatile(unit: Unit, node: ts.TypeReferenceNode, outer: TypeArguments): Storage {
  const { type } = resolveStorage(unit, argumentAt(unit, node, 0), outer);
  if (integerBase(type) === undefined && type.kind !== "bool") return unit.fail(node, "TK4007", type.key);
  return { type, ref: false, volatile: true };
}

function elementOf(unit: Unit, node: ts.TypeReferenceNode | ts.NewExpression, outer: TypeArguments): Storage {
  const argument = argumentAt(unit, node, 0);
  const element = resolveStorage(unit, argument, outer);
  checkStorable(unit, argument, element);
  return element;
}

/** `FixedArray<T, N>`, as a type or behind `new`. */
export function fixedArray(unit: Unit, node: ts.TypeReferenceNode | ts.NewExpression, outer: TypeArguments): Type {
  const element = elementOf(unit, node, outer);
  const lengthNode = argumentAt(unit, node, 1);
  const length = resolveType(unit, lengthNode, outer);
  if (length.kind !== "size" || length.value < 1n || length.value > 0xffff_ffffn)
    return unit.fail(lengthNode, "TK3009", lengthNode.getText());
  if (element.type.kind === "struct" && !element.ref) layOut(unit, element.type, node);
  const array = arrayOf(element, Number(length.value));
  if (layoutOf(inline(array)).size >= MAXIMUM_SIZE) unit.fail(node, "TK4014", array.key);
  return array;
}

/** What cannot be a field or an element. */
export function checkStorable(unit: Unit, node: ts.Node, storage: Storage): void {
  const { kind } = storage.type;
  if (kind === "message") unit.fail(node, "TK4005");
  if (kind === "void" || kind === "never" || kind === "size" || kind === "null")
    unit.fail(node, "TK4011", storageKey(storage), "name a type that has values");
}

// ---------------------------------------------------------------------------------------------------------------------
// Classes and enums.

/** Type parameters with what stands for each. */
export function bindTypeParameters(
  unit: Unit,
  parameters: ts.NodeArray<ts.TypeParameterDeclaration> | undefined,
  storages: readonly Storage[],
  node: ts.Node,
): TypeArguments {
  const bound = new Map<ts.Symbol, Storage>();
  for (const [index, parameter] of (parameters ?? []).entries()) {
    const symbol = unit.checker.getSymbolAtLocation(parameter.name);
    const storage = storages[index];
    if (symbol === undefined || storage === undefined)
      return unit.fail(node, "TK2024", node.getText(), "type arguments", "write them all");
    bound.set(symbol, storage);
  }
  return bound;
}

export function structFor(
  unit: Unit,
  node: ts.ClassDeclaration,
  storages: readonly Storage[],
  use: ts.Node,
): StructType {
  const name = node.name?.text ?? unit.fail(node, "TK2011", "a class", "give it a name");
  const unique = uniqueKey(unit, name, node);
  const key = storages.length === 0 ? unique : `${unique}<${storages.map(storageKey).join(", ")}>`;
  const known = unit.structs.get(key);
  if (known !== undefined) return known.type;
  const depth = unit.depth + (storages.length > 0 ? 1 : 0);
  if (depth > MAXIMUM_DEPTH || key.length > MAXIMUM_KEY) return unit.fail(use, "TK2017", name);
  const typeArguments = bindTypeParameters(unit, node.typeParameters, storages, use);
  const type: StructType = { kind: "struct", key, info: newStructInfo(unit, node, name, key) };
  unit.structs.set(key, { type, node, typeArguments, depth });
  return type;
}

/** The structs that the C printer makes of the language's own types begin so. */
const PRINTED_STRUCT = /^(Array|Slice|Optional|Ref|Many|volatile)_/;

function newStructInfo(unit: Unit, node: ts.ClassDeclaration, name: string, key: string): StructInfo {
  const predefined = node.getSourceFile().isDeclarationFile;
  const plain = key
    .replace(/\P{ASCII}/gu, (letter) => asciiName(letter))
    .replace(/[^A-Za-z0-9_]+/g, "_")
    .replace(/_$/, "");
  const wanted = PRINTED_STRUCT.test(plain) ? `class_${plain}` : plain;
  return {
    name: key,
    symbol: predefined ? name : unit.uniqueName(safeName(wanted)),
    predefined,
    packed: decoratorCalled(node, "packed") !== undefined,
    fields: [],
    size: 0,
    align: 1,
    minimumAlign: 0,
    state: "new",
  };
}

/** The decorator's expression: `packed`, or the call `aligned(16)`. */
function decoratorCalled(node: ts.ClassDeclaration, name: string): ts.Expression | undefined {
  return (ts.getDecorators(node) ?? [])
    .map((decorator) => decorator.expression)
    .find((expression) => (ts.isCallExpression(expression) ? expression.expression : expression).getText() === name);
}

function minimumAlign(unit: Unit, node: ts.ClassDeclaration): number {
  const decorator = decoratorCalled(node, "aligned");
  if (decorator === undefined) return 0;
  const argument = ts.isCallExpression(decorator) ? decorator.arguments[0] : undefined;
  if (argument === undefined) return unit.fail(decorator, "TK4004");
  const value = Number(constantLength(unit, argument));
  if (value < 1 || value > 4096 || (value & (value - 1)) !== 0) return unit.fail(decorator, "TK4004");
  return value;
}

/** The entry of a class, with its fields at their offsets. */
export function layOut(unit: Unit, type: StructType, use: ts.Node): StructEntry {
  const entry = unit.structs.get(type.key);
  if (entry === undefined) return unit.fail(use, "TK1018", type.key);
  const { info } = type;
  if (info.state === "busy") return unit.fail(use, "TK4001", info.name);
  if (info.state === "done") return entry;
  if (info.state === "rejected") throw new Rejected(info.name);
  info.state = "busy";
  const depth = unit.depth;
  unit.depth = entry.depth;
  try {
    placeFields(unit, entry);
    info.state = "done";
  } finally {
    if (info.state === "busy") info.state = "rejected";
    unit.depth = depth;
  }
  return entry;
}

function placeFields(unit: Unit, entry: StructEntry): void {
  const { info } = entry.type;
  const fields: Field[] = [];
  let end = 0;
  let align = 1;
  for (const member of entry.node.members) {
    if (!ts.isPropertyDeclaration(member) || isStatic(member)) continue;
    const storage = fieldStorage(unit, member, entry.typeArguments);
    const layout = layoutOf(storage);
    const fieldAlign = info.packed ? 1 : layout.align;
    const offset = roundUp(end, fieldAlign);
    fields.push({ name: member.name.getText(), storage, offset, owner: info });
    end = offset + layout.size;
    align = Math.max(align, fieldAlign);
  }
  info.minimumAlign = minimumAlign(unit, entry.node);
  info.fields = fields;
  info.align = Math.max(align, info.minimumAlign);
  info.size = roundUp(end, info.align);
  if (info.size >= MAXIMUM_SIZE) unit.fail(entry.node.name ?? entry.node, "TK4014", info.name);
}

/** `sizeof(struct {})` is 0 in GNU C, and so is the size of a class without fields. */
function fieldStorage(unit: Unit, member: ts.PropertyDeclaration, typeArguments: TypeArguments): Storage {
  if (member.type === undefined)
    return unit.fail(member, "TK2011", `the field '${member.name.getText()}'`, "write name: type");
  const storage = resolveStorage(unit, member.type, typeArguments);
  checkStorable(unit, member.type, storage);
  layOutInside(unit, storage, member);
  return storage;
}

function layOutInside(unit: Unit, storage: Storage, use: ts.Node): void {
  if (storage.ref) return;
  if (storage.type.kind === "struct") layOut(unit, storage.type, use);
  if (storage.type.kind === "array") layOutInside(unit, storage.type.element, use);
}

export const isStatic = (member: ts.ClassElement): boolean =>
  ts.canHaveModifiers(member) &&
  (ts.getModifiers(member) ?? []).some((modifier) => modifier.kind === ts.SyntaxKind.StaticKeyword);

/** Size and alignment of a type as stored inline. */
export function sizeAndAlign(unit: Unit, storage: Storage, use: ts.Node): { size: number; align: number } {
  layOutInside(unit, storage, use);
  return layoutOf(storage);
}

function checkedEnumValue(
  unit: Unit,
  member: ts.EnumMember,
  earlier: ReadonlyMap<string, bigint>,
  next: bigint,
): bigint {
  const value = member.initializer === undefined ? next : enumValue(unit, member, earlier);
  if (value < 0n || value > 0xffff_ffffn) unit.fail(member, "TK3007", member.name.getText());
  return value;
}

export function enumFor(unit: Unit, symbol: ts.Symbol): EnumType {
  const known = unit.enums.get(symbol);
  if (known !== undefined) return known;
  const node = symbol.declarations?.find(ts.isEnumDeclaration);
  if (node === undefined) throw new Error(`not an enum: ${symbol.name}`);
  const members = new Map<string, bigint>();
  const file = unit.path(node.getSourceFile());
  const type: EnumType = { kind: "enum", key: uniqueKey(unit, symbol.name, node), name: symbol.name, file, members };
  unit.enums.set(symbol, type);
  let next = 0n;
  for (const member of node.members) {
    const after = next;
    const value = unit.attempt(() => checkedEnumValue(unit, member, members, after));
    if (value === undefined) break;
    members.set(member.name.getText(), value);
    next = value + 1n;
  }
  return type;
}
