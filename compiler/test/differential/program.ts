// A whole random program: types, storage, functions, and a main that calls them and then looks at everything.

import { Context, isScalar, type Options } from "./context";
import { BYTES, TEXTS, digest, flow, literal } from "./expressions";
import { helpersOf } from "./library";
import { NEXT_MODULE } from "./modules";
import { Random } from "./random";
import { restingValue, statements } from "./statements";
import { block, joined, statement, text, type Tree } from "./tree";
import {
  BOOL,
  INTEGERS,
  STRING,
  U32,
  U64,
  U8,
  spell,
  type ClassType,
  type OptionalInner,
  type Signature,
  type Type,
  type Variable,
} from "./types";

/** The tree of the program that a seed stands for. `entry` is the name of its exported function. */
export function generateProgram(seed: number, options: Options, entry = "main"): Tree {
  const context = new Context(new Random(seed), options);
  const { random } = context;
  const isSmall = options.size === "small";
  const modules = new Modules(context, random.chance(35));
  modules.add(0, [...namedTypes(context), ...constants(context)]);
  for (let count = random.between(1, isSmall ? 2 : 3); count > 0; count--) planClass(context);
  if (modules.isSplit) planCells(context);
  modules.add(0, variables(context, scalars(context), 0));
  if (modules.isSplit) modules.add(1, variables(context, [random.pick(INTEGERS), random.pick(INTEGERS)], 1));
  for (const make of storage(context)) modules.addAnywhere(make);
  const planned = Array.from({ length: random.between(1, isSmall ? 2 : 4) }, () => planFunction(context));
  for (const owner of context.classes) planMethods(context, owner);
  context.functions.push(...planned);
  modules.addAnywhere(() => tables(context));
  for (const owner of context.classes) modules.addAnywhere(() => classDeclaration(context, owner), "classes");
  for (const signature of planned)
    modules.addAnywhere(() => [functionDeclaration(context, "export function ", signature)]);
  context.enter(0);
  modules.add(0, mainFunction(context, entry));
  return modules.tree();
}

/** Classes come first: nothing of a class can be made above it. */
type Section = "classes" | "rest";

/** Where declarations go: to the one module, or to one of two that import each other. */
class Modules {
  private readonly parts = [0, 1].map((): Record<Section, Tree[]> => ({ classes: [], rest: [] }));

  constructor(
    private readonly context: Context,
    readonly isSplit: boolean,
  ) {}

  add(module: 0 | 1, declarations: readonly Tree[], section: Section = "rest"): void {
    this.parts[module]?.[section].push(...declarations);
  }

  addAnywhere(make: () => readonly Tree[], section: Section = "rest"): void {
    const module = this.isSplit && this.context.random.chance(50) ? 1 : 0;
    this.context.enter(module);
    this.add(module, make(), section);
  }

  tree(): Tree {
    const [first = [], second = []] = this.parts.map(({ classes, rest }) => [...classes, ...rest]);
    return block(second.length === 0 ? first : [...first, statement`${NEXT_MODULE}`, ...second]);
  }
}

function namedTypes(context: Context): Tree[] {
  const { random } = context;
  const narrow = random.pick(INTEGERS.filter(({ bits }) => bits < 64));
  context.newtypes.push(
    { kind: "newtype", name: "Tag", base: narrow },
    { kind: "newtype", name: "Address", base: U64 },
  );
  const members = ["Red", "Green", "Blue", "Grey"].slice(0, random.between(2, 4));
  context.enums.push({ kind: "enum", name: "Colour", members });
  const numbered = members.map((member, at) => (random.chance(30) ? `${member} = ${at * 7 + 3}` : member));
  const [integers, others] = [INTEGERS.map((type) => type), [...context.newtypes, ...context.enums, BOOL, STRING]];
  const some = (from: OptionalInner[]): OptionalInner => from.splice(random.below(from.length), 1)[0] ?? BOOL;
  context.optionals.push(some(integers), some(integers), some(others), some(others));
  const digests = { Tag: "u64.wrap(value)", Address: "u64.wrap(value)", Colour: "u64(u32(value))" };
  return [
    statement`export type Tag = ${narrow.name} & Newtype<"Tag">;`,
    statement`export type Address = u64 & Newtype<"Address">;`,
    statement`export enum Colour {\n${numbered.join(",\n")},\n}`,
    statement`export function keepColour(value: Colour): Colour {\nreturn value;\n}`,
    ...Object.entries(digests).flatMap(([name, digest]) =>
      helpersOf(name, digest).map((helper) => statement`export ${helper}`),
    ),
  ];
}

function constants(context: Context): Tree[] {
  return INTEGERS.filter(() => context.random.chance(50)).map((type) => {
    const name = `K_${type.name}`;
    const initial = literal(context, type);
    context.constants.push({ name, type });
    return statement`export const ${name}: ${type.name} = ${initial};`;
  });
}

// ---------------------------------------------------------------------------------------------------------------------
// Classes.

function planClass(context: Context): void {
  const { random, classes } = context;
  const packed = random.chance(30);
  const isBytes = packed && random.chance(50);
  const fields = Array.from({ length: random.between(2, 5) }, (_, at): Variable => {
    const type = isBytes ? random.pick(INTEGERS) : packed ? packedFieldType(context) : fieldType(context);
    return { name: `f${at}`, type, writable: true, isVolatile: type.kind === "integer" && random.chance(15) };
  });
  const plan: ClassType = { kind: "class", name: `C${classes.length}`, fields, methods: [], packed, isBytes };
  const earlier = random.pick([plan, ...classes]);
  const next: Variable = { name: "next", type: { kind: "reference", target: earlier }, writable: true };
  classes.push(!packed && random.chance(60) ? { ...plan, fields: [...fields, next] } : plan);
}

/** A class with a field of every scalar type: what every module can assign to. */
function planCells(context: Context): void {
  const fields = scalars(context).map((type, at): Variable => ({ name: `f${at}`, type, writable: true }));
  context.classes.push({ kind: "class", name: "Cells", fields, methods: [], packed: false, isBytes: false });
}

function fieldType(context: Context): Type {
  const { random, classes } = context;
  const inner = random.pick(INTEGERS);
  const inline = classes.length > 0 ? random.pick(classes) : inner;
  return random.weighted<Type>([
    [8, inner],
    [1, BOOL],
    [1, STRING],
    [1, random.pick(context.enums)],
    [1, random.pick(context.newtypes)],
    [2, { kind: "optional", inner: context.optionalInner() }],
    [3, inline],
    [2, { kind: "array", element: inner, length: random.between(1, 4) }],
    [1, { kind: "array", element: inline, length: random.between(1, 3) }],
  ]);
}

/** What lies at any address needs no alignment where it is referred to; scalars are never referred to. */
function packedFieldType(context: Context): Type {
  const { random, classes } = context;
  const packed = classes.filter((each) => each.packed);
  const inline: Type = packed.length > 0 ? random.pick(packed) : U8;
  return random.weighted<Type>([
    [6, random.pick(INTEGERS)],
    [1, BOOL],
    [1, random.pick(context.enums)],
    [1, random.pick(context.newtypes)],
    [1, { kind: "optional", inner: context.optionalInner() }],
    [2, inline],
    [2, { kind: "array", element: random.chance(50) ? U8 : inline, length: random.between(1, 4) }],
  ]);
}

function planMethods(context: Context, owner: ClassType): void {
  for (let count = context.random.between(0, 1); count > 0; count--) owner.methods.push(planFunction(context, "m"));
}

function classDeclaration(context: Context, owner: ClassType): Tree[] {
  const { random } = context;
  const { name, fields, methods, packed } = owner;
  const decorator = packed ? "@packed\n" : random.chance(15) ? `@aligned(${random.pick([8, 16, 64])})\n` : "";
  const lines = fields.map(
    (field) => statement`${field.name}: ${spellField(field)}${fieldInitialiser(context, field)};`,
  );
  const self: Variable = { name: "this", type: owner, writable: true };
  const made = methods.map((method) => functionDeclaration(context, "", method, self));
  const objects = context.globals.filter(({ type }) => type === owner).map((global) => global.name);
  return [
    statement`${decorator}export class ${name} {\n${block([...lines, ...made])}}`,
    chooser(owner, objects),
    ...fields.filter(({ type }) => type.kind === "reference").map((field) => follower(owner, field)),
    statement`export function look${name}(self: ${name}): void {\n${block(
      fields.map((field) => look(context, `self.${field.name}`, field.type)),
    )}}`,
    statement`export function some${name}(value: ${name}, isSome: bool): ${name} | null {\nreturn some<${name}>(value, isSome);\n}`,
  ];
}

const spellField = ({ type, isVolatile }: Variable): string =>
  isVolatile === true ? `Volatile<${spell(type)}>` : spell(type);

function fieldInitialiser(context: Context, { type }: Variable): Tree {
  if (type.kind !== "integer" || !context.random.chance(30)) return text``;
  return text` = ${literal(context, type)}`;
}

/** The object itself or one of the module's. */
function chooser({ name }: ClassType, objects: readonly string[]): Tree {
  const lines = objects.map((object, at) => `if (at % ${objects.length + 1} === ${at}) return ${object};\n`);
  return statement`export function choose${name}(self: ${name}, at: u32): ${name} {\n${lines.join("")}return self;\n}`;
}

/** What the object refers to when that is of its own class, else the object itself. */
function follower({ name }: ClassType, field: Variable): Tree {
  if (field.type.kind !== "reference" || field.type.target.name !== name)
    return statement`export function next${name}(self: ${name}): ${name} {\nnote(self.${field.name} === null ? 5n : 6n);\nreturn self;\n}`;
  return statement`export function next${name}(self: ${name}): ${name} {\nconst next = self.${field.name};\nreturn next === null ? self : next;\n}`;
}

// ---------------------------------------------------------------------------------------------------------------------
// Storage.

/** Objects and arrays, and what stands for them. */
function storage(context: Context): (() => readonly Tree[])[] {
  const { random, classes } = context;
  const arrays = INTEGERS.map((element): Type => ({ kind: "array", element, length: random.between(1, 6) }));
  const objectArrays = classes.map((element): Type => ({ kind: "array", element, length: random.between(1, 3) }));
  const objects = [...classes, ...classes.slice(0, 1), ...arrays, ...objectArrays];
  return [
    ...objects.map((type) => () => [objectGlobal(context, context.name("g"), type)]),
    () => [objectGlobal(context, "BYTES", { kind: "array", element: U8, length: BYTES })],
    () => [readOnlyTable(context)],
    () => generics(context),
  ];
}

function scalars(context: Context): Type[] {
  const optionals = context.optionals.map((inner): Type => ({ kind: "optional", inner }));
  return [...INTEGERS, ...optionals, BOOL, BOOL, STRING, ...context.newtypes, ...context.enums];
}

function objectGlobal(context: Context, name: string, type: Type): Tree {
  context.globals.push({ name, type, writable: true });
  return statement`export const ${name} = new ${spell(type)}();`;
}

/** Scalar variables: only their own module can assign to them. */
function variables(context: Context, types: readonly Type[], home: 0 | 1): Tree[] {
  return types.map((type) => {
    const name = context.name("g");
    context.globals.push({ name, type, writable: true, home });
    return statement`export let ${name}: ${spell(type)} = ${initialValue(context, type)};`;
  });
}

function initialValue(context: Context, type: Type): Tree {
  switch (type.kind) {
    case "integer":
      return literal(context, type);
    case "optional":
      return context.random.chance(50) ? text`null` : initialValue(context, type.inner);
    case "newtype":
      return text`${literal(context, type.base)} as ${type.name}`;
    case "enum":
      return text`${type.name}.${context.random.pick(type.members)}`;
    case "bool":
      return text`${context.random.pick(["true", "false"])}`;
    default:
      return text`${JSON.stringify(context.random.pick(TEXTS))}`;
  }
}

function readOnlyTable(context: Context): Tree {
  const { random } = context;
  const element = random.pick(INTEGERS);
  const values = Array.from({ length: random.between(1, 6) }, () => literal(context, element));
  const type: Type = { kind: "array", element, length: values.length };
  context.globals.push({ name: "READ_ONLY", type, writable: false });
  return statement`export const READ_ONLY: ${spell(type)} = [${joined(values, ", ")}];`;
}

// ---------------------------------------------------------------------------------------------------------------------
// Generic classes and functions, with random type arguments.

function generics(context: Context): Tree[] {
  return [shelf(context), lastOf(context), ring(context), pair(context)];
}

const parameter = (name: string, type: Type): Variable => ({ name, type, writable: true });
const argumentTypes = (context: Context): OptionalInner[] => [...INTEGERS, ...context.newtypes, ...context.enums, BOOL];

function ring(context: Context): Tree {
  const inner = context.random.pick([...argumentTypes(context), STRING]);
  const name = context.name("ring");
  const result: Type = { kind: "optional", inner };
  context.functions.push(
    { name: `${name}.push`, parameters: [parameter("item", inner)], hasDefault: false, result: BOOL },
    { name: `${name}.shift`, parameters: [], hasDefault: false, result },
  );
  return statement`export const ${name} = new Ring<${spell(inner)}, ${context.random.between(1, 4)}>();`;
}

function pair(context: Context): Tree {
  const { random } = context;
  const [first, second] = [random.pick(argumentTypes(context)), random.pick(argumentTypes(context))];
  const name = context.name("pair");
  context.globals.push(
    { name: `${name}.first`, type: first, writable: true },
    { name: `${name}.second`, type: second, writable: true },
  );
  const parameters = [parameter("first", first), parameter("second", second)];
  context.functions.push({ name: `${name}.exchange`, parameters, hasDefault: false, result: first });
  return statement`export const ${name} = new Pair<${spell(first)}, ${spell(second)}>();`;
}

/** Objects inside of a generic class. */
function shelf(context: Context): Tree {
  const { random } = context;
  const element = random.pick(context.classes);
  const length = random.between(1, 3);
  const name = context.name("shelf");
  context.globals.push(
    { name: `${name}.spare`, type: element, writable: true },
    { name: `${name}.items`, type: { kind: "array", element, length }, writable: true },
  );
  context.functions.push({
    name: `${name}.at`,
    parameters: [parameter("index", U32)],
    hasDefault: false,
    result: element,
  });
  return statement`export const ${name} = new Shelf<${element.name}, ${length}>();`;
}

function lastOf(context: Context): Tree {
  const element = context.random.pick(INTEGERS);
  const parameters = [parameter("values", { kind: "slice", element }), parameter("none", element)];
  context.functions.push({ name: `last_${element.name}`, parameters, hasDefault: false, result: element });
  return text``;
}

// ---------------------------------------------------------------------------------------------------------------------
// Functions.

function planFunction(context: Context, prefix = "fun"): Signature {
  const { random } = context;
  const result = random.chance(20) ? undefined : scalarType(context);
  const parameters = Array.from({ length: random.between(0, 3) }, () => parameter(context.name("a"), anyType(context)));
  const hasDefault = random.chance(20);
  if (hasDefault) parameters.push(parameter(context.name("a"), random.pick(INTEGERS)));
  return { name: context.name(prefix), parameters, hasDefault, result };
}

function scalarType(context: Context): Type {
  const { random } = context;
  const inner = random.pick(INTEGERS);
  return random.weighted<Type>([
    [10, inner],
    [2, BOOL],
    [1, STRING],
    [2, { kind: "optional", inner: context.optionalInner() }],
    [1, random.pick(context.newtypes)],
    [1, random.pick(context.enums)],
  ]);
}

function anyType(context: Context): Type {
  const { random } = context;
  return random.weighted<Type>([
    [6, scalarType(context)],
    [2, random.pick(context.classes)],
    [1, { kind: "slice", element: random.pick(INTEGERS) }],
    [1, { kind: "slice", element: random.pick(context.classes) }],
  ]);
}

function functionDeclaration(context: Context, word: string, signature: Signature, self?: Variable): Tree {
  const { name, parameters, hasDefault, result } = signature;
  const heads = parameters.map((each, at) => {
    const isDefault = hasDefault && at === parameters.length - 1 && each.type.kind === "integer";
    const value = isDefault && each.type.kind === "integer" ? text` = ${literal(context, each.type)}` : text``;
    return text`${each.name}: ${spell(each.type)}${value}`;
  });
  context.locals = [...parameters, ...(self === undefined ? [] : [self])];
  context.result = result;
  const rest = result === undefined ? text`` : restingValue(context, result);
  const body = statements(context, context.random.between(1, context.options.size === "small" ? 2 : 4), 2);
  const final = result === undefined ? text`` : statement`return ${flow(context, result, 3)};`;
  context.locals = [];
  const type = result === undefined ? "void" : spell(result);
  const head = text`${word}${name}(${joined(heads, ", ")}): ${type}`;
  return statement`${head} {\nif (!spend()) return ${rest};\n${block([body])}${final}}`;
}

/** Tables of functions that combine two integers. */
function tables(context: Context): Tree[] {
  const { random } = context;
  const type = random.pick(INTEGERS);
  const operators = ["^", "&", "|"];
  const names = operators.map(() => context.name("combine"));
  context.tables.set(type.name, names.length);
  const parameters = `left: ${type.name}, right: ${type.name}`;
  return [
    statement`export type Combine_${type.name} = (${parameters}) => ${type.name};`,
    ...names.map(
      (name, at) =>
        statement`export function ${name}(${parameters}): ${type.name} {\nnote(${at}n);\nreturn left ${operators[at] ?? "^"} right;\n}`,
    ),
    statement`export const TABLE_${type.name}: FixedArray<Combine_${type.name}, ${names.length}> = [${names.join(", ")}];`,
  ];
}

// ---------------------------------------------------------------------------------------------------------------------
// The end.

function mainFunction(context: Context, entry: string): Tree[] {
  context.result = undefined;
  const body = statements(context, context.random.between(4, context.options.size === "small" ? 5 : 8), 2);
  const steps = body.pieces.flatMap((step) => [step, statement`progress();`]);
  const looks = context.globals.map(({ name, type }) => look(context, name, type));
  return [
    statement`export function look(): void {\n${block(looks)}}`,
    statement`export function ${entry}(): void {\n${{ ...body, pieces: steps }}look();\nlog.info(\`\${checksum} \${fuel}\`);\n}`,
  ];
}

/** Takes everything in a variable into the checksum. */
function look(context: Context, name: string, type: Type): Tree {
  if (isScalar(type)) return statement`note(${digest(type, name) ?? "0n"});`;
  if (type.kind === "reference") return statement`note(${name} === null ? 7n : 8n);`;
  if (type.kind === "class") return statement`look${type.name}(${name});`;
  if (type.kind !== "array" && type.kind !== "slice") return text``;
  if (type.element.kind === "integer") return statement`look_${type.element.name}(${name});`;
  const element = context.name("each");
  return statement`for (const ${element} of ${name}) {\n${look(context, element, type.element)}}`;
}
