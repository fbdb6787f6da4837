// A whole random program: types, storage, functions, and a main that calls them and then looks at everything.

import { Context, isScalar, type Options } from "./context";
import { digest, flow, literal } from "./expressions";
import { Random } from "./random";
import { restingValue, statements } from "./statements";
import { block, joined, print, statement, text, type Tree } from "./tree";
import {
  BOOL,
  INTEGERS,
  STRING,
  U64,
  spell,
  type ClassType,
  type IntegerType,
  type Signature,
  type Type,
  type Variable,
} from "./types";

/** Loop rounds and calls that a program may spend. */
const FUEL = 250;

/** The tree of the program that a seed stands for. `entry` is the name of its exported function. */
export function generateProgram(seed: number, options: Options, entry = "main"): Tree {
  const context = new Context(new Random(seed), options);
  const { random } = context;
  const isSmall = options.size === "small";
  const declarations: Tree[] = [...namedTypes(context), ...constants(context)];
  for (let count = random.between(1, isSmall ? 2 : 3); count > 0; count--) planClass(context);
  const storage = [...globals(context), ...generics(context)];
  const planned = Array.from({ length: random.between(1, isSmall ? 2 : 4) }, () => planFunction(context));
  for (const owner of context.classes) planMethods(context, owner);
  context.functions.push(...planned);
  const functionTables = tables(context);
  declarations.push(...context.classes.flatMap((owner) => classDeclaration(context, owner)));
  declarations.push(...storage, ...functionTables);
  declarations.push(...planned.map((signature) => functionDeclaration(context, "function ", signature)));
  declarations.push(...mainFunction(context, entry));
  return block([...prelude(declarations), ...declarations]);
}

// ---------------------------------------------------------------------------------------------------------------------
// What every program has.

const LAST = `function last<T>(values: Slice<T>, none: T): T {
return values.length === 0 ? none : values[values.length - 1];
}`;

const COMMON = [
  LAST,
  "let checksum: u64 = 0xcbf29ce484222325n;",
  `let fuel: u32 = ${FUEL};`,
  "function note(value: u64): void {\nchecksum = wrappingMul(checksum ^ value, 0x100000001b3n);\n}",
  "function spend(): bool {\nif (fuel === 0) return false;\nfuel -= 1;\nreturn true;\n}",
  "function byteAt(text: string, index: u32): u8 {\n" +
    "return byteLength(text) === 0 ? 0 : bytesOf(text)[index % byteLength(text)];\n}",
  "function keepText(text: string): string {\nreturn text;\n}",
  "function pick<T>(first: T, second: T, isFirst: bool): T {\nreturn isFirst ? first : second;\n}",
];

const forInteger = ({ name }: IntegerType): string[] => [
  `function keep_${name}(value: ${name} | null): ${name} | null {\nreturn value;\n}`,
  `function some_${name}(value: ${name}, isSome: bool): ${name} | null {\nreturn isSome ? value : null;\n}`,
  picker(name),
  `function last_${name}(values: Slice<${name}>, none: ${name}): ${name} {\nreturn last<${name}>(values, none);\n}`,
  `function digest_${name}(value: ${name} | null): u64 {\nreturn value === null ? 3n : u64.wrap(value);\n}`,
];

/** Generic functions are called through others: tsc's parser takes `a < f<T>(b)` for something else now and then. */
function picker(name: string): string {
  const head = `function pick_${name}(first: ${name}, second: ${name}, isFirst: bool): ${name}`;
  return `${head} {\nreturn pick<${name}>(first, second, isFirst);\n}`;
}

/** Of what every program could have, what this one uses, directly or through each other. */
function prelude(declarations: readonly Tree[]): Tree[] {
  const named = ["bool", "string", "Tag", "Address", "Colour"].map(picker);
  const kept: string[] = [];
  let used = declarations.map(print).join("");
  for (const line of [...INTEGERS.flatMap(forInteger), ...named, ...COMMON.toReversed()]) {
    const name = /(?:function|let) (\w+)/.exec(line)?.[1] ?? "";
    if (!new RegExp(`\\b${name}\\b`).test(used)) continue;
    kept.unshift(line);
    used += line;
  }
  return kept.map((line) => statement`${line}`);
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
  return [
    statement`type Tag = ${narrow.name} & Newtype<"Tag">;`,
    statement`type Address = u64 & Newtype<"Address">;`,
    statement`enum Colour {\n${numbered.join(",\n")},\n}`,
    statement`function keepColour(value: Colour): Colour {\nreturn value;\n}`,
  ];
}

function constants(context: Context): Tree[] {
  return INTEGERS.filter(() => context.random.chance(50)).map((type) => {
    const name = `K_${type.name}`;
    const initial = literal(context, type);
    context.constants.push({ name, type });
    return statement`const ${name}: ${type.name} = ${initial};`;
  });
}

// ---------------------------------------------------------------------------------------------------------------------
// Classes.

function planClass(context: Context): void {
  const { random, classes } = context;
  const packed = random.chance(25);
  const fields = Array.from({ length: random.between(2, 5) }, (_, at): Variable => {
    const type = packed ? random.pick<Type>([...INTEGERS, BOOL]) : fieldType(context);
    return { name: `f${at}`, type, writable: true };
  });
  const plan: ClassType = { kind: "class", name: `C${classes.length}`, fields, methods: [], packed };
  const earlier = random.pick([plan, ...classes]);
  const next: Variable = { name: "next", type: { kind: "reference", target: earlier }, writable: true };
  classes.push(!packed && earlier !== plan && random.chance(60) ? { ...plan, fields: [...fields, next] } : plan);
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
    [2, { kind: "optional", inner }],
    [3, inline],
    [2, { kind: "array", element: inner, length: random.between(1, 4) }],
    [1, { kind: "array", element: inline, length: random.between(1, 3) }],
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
    (field) => statement`${field.name}: ${spell(field.type)}${fieldInitialiser(context, field)};`,
  );
  const self: Variable = { name: "this", type: owner, writable: true };
  const made = methods.map((method) => functionDeclaration(context, "", method, self));
  const objects = context.globals.filter(({ type }) => type === owner).map((global) => global.name);
  return [
    statement`${decorator}class ${name} {\n${block([...lines, ...made])}}`,
    chooser(owner, objects),
    ...fields
      .filter(({ type }) => type === undefined || type.kind === "reference")
      .slice(0, 1)
      .map((field) => follower(owner, field)),
  ];
}

function fieldInitialiser(context: Context, { type }: Variable): Tree {
  if (type.kind !== "integer" || !context.random.chance(30)) return text``;
  return text` = ${literal(context, type)}`;
}

/** The object itself or one of the module's. */
function chooser({ name }: ClassType, objects: readonly string[]): Tree {
  const lines = objects.map((object, at) => `if (at % ${objects.length + 1} === ${at}) return ${object};\n`);
  return statement`function choose${name}(self: ${name}, at: u32): ${name} {\n${lines.join("")}return self;\n}`;
}

/** What the object refers to when that is of its own class, else the object itself. */
function follower({ name }: ClassType, field: Variable): Tree {
  if (field.type.kind !== "reference" || field.type.target.name !== name)
    return statement`function next${name}(self: ${name}): ${name} {\nnote(self.${field.name} === null ? 5n : 6n);\nreturn self;\n}`;
  return statement`function next${name}(self: ${name}): ${name} {\nconst next = self.${field.name};\nreturn next === null ? self : next;\n}`;
}

// ---------------------------------------------------------------------------------------------------------------------
// Storage.

function globals(context: Context): Tree[] {
  const { random, classes, newtypes, enums } = context;
  const optionals = INTEGERS.map((inner): Type => ({ kind: "optional", inner }));
  const scalars: Type[] = [...INTEGERS, ...optionals, BOOL, BOOL, STRING, ...newtypes, ...enums];
  const arrays = INTEGERS.map((element): Type => ({ kind: "array", element, length: random.between(1, 6) }));
  const objectArrays = classes.map((element): Type => ({ kind: "array", element, length: random.between(1, 3) }));
  const made = scalars.map((type) => scalarGlobal(context, type));
  for (const type of [...classes, ...classes.slice(0, 1), ...arrays, ...objectArrays]) {
    const name = context.name("g");
    context.globals.push({ name, type, writable: true });
    made.push(statement`const ${name} = new ${spell(type)}();`);
  }
  return [...made, readOnlyTable(context)];
}

function scalarGlobal(context: Context, type: Type): Tree {
  const name = context.name("g");
  context.globals.push({ name, type, writable: true });
  return statement`let ${name}: ${spell(type)} = ${initialValue(context, type)};`;
}

function initialValue(context: Context, type: Type): Tree {
  switch (type.kind) {
    case "integer":
      return literal(context, type);
    case "optional":
      return context.random.chance(50) ? text`null` : literal(context, type.inner);
    case "newtype":
      return text`${literal(context, type.base)} as ${type.name}`;
    case "enum":
      return text`${type.name}.${context.random.pick(type.members)}`;
    case "bool":
      return text`${context.random.pick(["true", "false"])}`;
    default:
      return text`"text"`;
  }
}

function readOnlyTable(context: Context): Tree {
  const { random } = context;
  const element = random.pick(INTEGERS);
  const values = Array.from({ length: random.between(1, 6) }, () => literal(context, element));
  const type: Type = { kind: "array", element, length: values.length };
  context.globals.push({ name: "READ_ONLY", type, writable: false });
  return statement`const READ_ONLY: ${spell(type)} = [${joined(values, ", ")}];`;
}

// ---------------------------------------------------------------------------------------------------------------------
// Generic classes and functions, with random type arguments.

const RING = `class Ring<T, N extends number> {
items: FixedArray<T, N>;
start: u32;
used: u32;
push(item: T): bool {
if (this.used === u32(this.items.length)) return false;
this.items[(this.start + this.used) % u32(this.items.length)] = item;
this.used += 1;
return true;
}
shift(): T | null {
if (this.used === 0) return null;
const item = this.items[this.start];
this.start = (this.start + 1) % u32(this.items.length);
this.used -= 1;
return item;
}
}`;

const PAIR = `class Pair<A, B> {
first: A;
second: B;
exchange(first: A, second: B): A {
const old = this.first;
this.first = first;
this.second = second;
return old;
}
}`;

function generics(context: Context): Tree[] {
  const made: Tree[] = [statement`${RING}`, statement`${PAIR}`];
  for (let count = 2; count > 0; count--) made.push(ring(context), pair(context), lastOf(context));
  return made;
}

const parameter = (name: string, type: Type): Variable => ({ name, type, writable: true });

function ring(context: Context): Tree {
  const inner = context.random.pick(INTEGERS);
  const name = context.name("ring");
  const result: Type = { kind: "optional", inner };
  context.functions.push(
    { name: `${name}.push`, parameters: [parameter("item", inner)], hasDefault: false, result: BOOL },
    { name: `${name}.shift`, parameters: [], hasDefault: false, result },
  );
  return statement`const ${name} = new Ring<${inner.name}, ${context.random.between(1, 4)}>();`;
}

function pair(context: Context): Tree {
  const { random } = context;
  const types: Type[] = [...INTEGERS, ...context.newtypes, BOOL];
  const [first, second] = [random.pick(types), random.pick(types)];
  const name = context.name("pair");
  context.globals.push(
    { name: `${name}.first`, type: first, writable: true },
    { name: `${name}.second`, type: second, writable: true },
  );
  const parameters = [parameter("first", first), parameter("second", second)];
  context.functions.push({ name: `${name}.exchange`, parameters, hasDefault: false, result: first });
  return statement`const ${name} = new Pair<${spell(first)}, ${spell(second)}>();`;
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
    [2, { kind: "optional", inner }],
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
    ...names.map(
      (name, at) =>
        statement`function ${name}(${parameters}): ${type.name} {\nnote(${at}n);\nreturn left ${operators[at] ?? "^"} right;\n}`,
    ),
    statement`const TABLE_${type.name}: FixedArray<(${parameters}) => ${type.name}, ${names.length}> = [${names.join(", ")}];`,
  ];
}

// ---------------------------------------------------------------------------------------------------------------------
// The end.

function mainFunction(context: Context, entry: string): Tree[] {
  context.result = undefined;
  const body = statements(context, context.random.between(4, context.options.size === "small" ? 5 : 8), 2);
  const looks = context.globals.map(({ name, type }) => look(context, name, type));
  return [
    statement`function look(): void {\n${block(looks)}}`,
    statement`export function ${entry}(): void {\n${body}log.info(\`\${checksum}\`);\nlook();\nlog.info(\`\${checksum} \${fuel}\`);\n}`,
  ];
}

/** Takes everything in a variable into the checksum. */
function look(context: Context, name: string, type: Type): Tree {
  if (isScalar(type)) return statement`note(${digest(type, name) ?? "0n"});`;
  if (type.kind === "reference") return statement`note(${name} === null ? 7n : 8n);`;
  if (type.kind === "class")
    return block(type.fields.map((field) => look(context, `${name}.${field.name}`, field.type)));
  if (type.kind !== "array" && type.kind !== "slice") return text``;
  const element = context.name("each");
  return statement`for (const ${element} of ${name}) {\n${look(context, element, type.element)}}`;
}
