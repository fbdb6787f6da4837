// Random statements. Every loop and every call spends from one supply (`spend`), so every program ends.

import { isScalar, type Context } from "./context";
import {
  below,
  call,
  callOf,
  condition,
  digest,
  elementsOf,
  flow,
  integer,
  literal,
  maybeObject,
  methodCall,
  object,
  shiftCount,
  slice,
  small,
  target,
  value,
  variable,
} from "./expressions";
import { block, expression, joined, statement, text, type Tree } from "./tree";
import { BOOL, INTEGERS, STRING, U32, U8, sameType, spell, spellLiteral, wrap, type Type } from "./types";

type Production = (context: Context, depth: number) => Tree | undefined;

const SIMPLE: readonly (readonly [number, Production])[] = [
  [16, assign],
  [12, compound],
  [5, increment],
  [9, declare],
  [8, note],
  [4, logLine],
  [5, callStatement],
  [3, storage],
  [2, localSlice],
  [2, localMany],
  [1, localReference],
  [3, copy],
  [1, clear],
  [2, link],
  [1, assertion],
  [1, throughReference],
  [4, jump],
];

const NESTED: readonly (readonly [number, Production])[] = [
  [8, ifElse],
  [5, forLoop],
  [4, whileLoop],
  [3, doLoop],
  [4, forOf],
  [5, switchOf],
  [3, narrowing],
  [2, labelledBlock],
];

/** A block of its own scope. */
export function statements(context: Context, count: number, depth: number): Tree {
  const outer = context.locals;
  context.locals = [...outer];
  const made: Tree[] = [];
  while (made.length < count) {
    const isNested = depth > 0 && context.random.chance(30);
    const next = context.random.weighted(isNested ? NESTED : SIMPLE)(context, depth);
    if (next !== undefined) made.push(next);
  }
  context.locals = outer;
  return block(made);
}

const body = (context: Context, depth: number): Tree => statements(context, context.random.between(1, 3), depth - 1);

function loopBody(context: Context, depth: number, label = ""): Tree {
  const { labels, inLoop } = context;
  context.labels = label === "" ? labels : [...labels, label];
  context.inLoop = true;
  const made = body(context, depth);
  context.labels = labels;
  context.inLoop = inLoop;
  return made;
}

const size = (context: Context): number => context.random.between(1, 3);

function scalar(context: Context): Type {
  const { random, newtypes, enums } = context;
  const integerType = random.pick(INTEGERS);
  return random.weighted<Type>([
    [12, integerType],
    [2, BOOL],
    [1, STRING],
    [2, { kind: "optional", inner: context.optionalInner() }],
    [1, random.pick(newtypes)],
    [1, random.pick(enums)],
  ]);
}

// ---------------------------------------------------------------------------------------------------------------------
// Simple statements.

function assign(context: Context): Tree {
  const type = scalar(context);
  return statement`${target(context, type)} = ${flow(context, type, size(context))};`;
}

function compound(context: Context): Tree {
  const { random } = context;
  const type = random.pick(INTEGERS);
  const place = target(context, type);
  const kind = random.below(10);
  if (kind < 2) return statement`${place} ${random.pick(["<<=", ">>="])} ${shiftCount(context, type, size(context))};`;
  const one = spellLiteral(type, 1n);
  if (kind < 4)
    return statement`${place} ${random.pick(["/=", "%="])} (${variable(context, type, size(context))} | ${one});`;
  if (random.chance(30))
    return statement`${place} ${random.pick(["&=", "|=", "^="])} ${flow(context, type, size(context))};`;
  const operator = random.pick(["+=", "-=", "*="]);
  if (!context.isChecked || context.isRisky("result"))
    return statement`${place} ${operator} ${flow(context, type, size(context))};`;
  const before = operator === "-=" && !type.signed ? `|= ${spellLiteral(type, 16n)}` : `%= ${spellLiteral(type, 11n)}`;
  return statement`${place} ${before};\n${place} ${operator} ${small(context, type, size(context), 11n)};`;
}

function increment(context: Context): Tree {
  const { random } = context;
  const type = random.pick(INTEGERS);
  const place = target(context, type);
  const operator = random.pick(["++", "--"]);
  const step = random.chance(50) ? text`${place}${operator};` : text`${operator}${place};`;
  if (!context.isChecked || context.isRisky("result")) return statement`${step}`;
  return statement`${place} &= ${spellLiteral(type, 63n)};\n${place} |= ${spellLiteral(type, 1n)};\n${step}`;
}

function declare(context: Context): Tree {
  const type = scalar(context);
  const name = context.name("v");
  const initial = flow(context, type, size(context));
  // A constant of a constant would fold.
  const isConstant = !initial.constant && context.random.chance(40);
  context.locals.push({ name, type, writable: !isConstant });
  return statement`${isConstant ? "const" : "let"} ${name}: ${spell(type)} = ${initial};`;
}

function note(context: Context): Tree {
  const type = scalar(context);
  const isInteger = type.kind === "integer";
  const made = isInteger ? variable(context, type, size(context)) : value(context, type, size(context));
  return statement`note(${digest(type, made) ?? "0n"});`;
}

function logLine(context: Context): Tree {
  const { random } = context;
  const parts = Array.from({ length: random.between(1, 3) }, () => text`\${${messagePart(context)}}`);
  const message = text`\`${joined(parts, " ")}\``;
  if (random.chance(30)) return statement`say(${variable(context, U32, 1)}, ${message});`;
  if (random.chance(20)) return statement`note(weigh(${message}));`;
  return statement`log.${random.pick(["debug", "info", "warn", "error"])}(${message});`;
}

/** A value in one of the formats: padded, hexadecimal, a character, or as it is. */
function messagePart(context: Context): Tree {
  const { random } = context;
  const type = scalar(context);
  const aligned = random.pick(["alignLeft", "alignRight"]);
  const columns = random.between(1, 12);
  if (type.kind === "optional") {
    const character = text`char(${variable(context, U8, 1)} % 26 + 65)`;
    return random.chance(50) ? character : text`${aligned}(${character}, ${columns})`;
  }
  const shown = type.kind === "integer" ? variable(context, type, size(context)) : value(context, type, size(context));
  const isNumber = type.kind === "integer" || (type.kind === "newtype" && random.chance(50));
  if (isNumber && random.chance(25))
    return random.chance(20) ? text`hex(${shown})` : text`hex(${shown}, ${columns + 4})`;
  const isAddress = type.kind === "newtype" && type.base.bits === 64;
  return isAddress || random.chance(70) ? text`${shown}` : text`${aligned}(${shown}, ${columns})`;
}

/** For the effect: a void call, or a result that is dropped. */
function callStatement(context: Context): Tree | undefined {
  const { random } = context;
  const owners = context.classes.filter(({ methods }) => methods.some(({ result }) => result === undefined));
  if (owners.length > 0 && random.chance(40)) {
    const owner = random.pick(owners);
    const method = random.pick(owner.methods.filter(({ result }) => result === undefined));
    return statement`${methodCall(context, owner, method, size(context))};`;
  }
  const silent = context.functions.filter(({ result }) => result === undefined);
  if (silent.length > 0 && random.chance(50)) {
    const callee = random.pick(silent);
    return statement`${call(context, callee.name, callee, size(context))};`;
  }
  const dropped = callOf(context, scalar(context), size(context));
  return dropped === undefined ? undefined : statement`void ${dropped};`;
}

/** An object or array on the stack. */
function storage(context: Context): Tree {
  const { random } = context;
  const name = context.name("s");
  const elements: Type[] = [random.pick(INTEGERS), random.pick(context.classes)];
  const type: Type = random.chance(60)
    ? random.pick(context.classes)
    : { kind: "array", element: random.pick(elements), length: random.between(1, 5) };
  context.locals.push({ name, type, writable: true });
  return statement`const ${name} = new ${spell(type)}();`;
}

function localSlice(context: Context): Tree {
  const name = context.name("p");
  const element = context.random.pick(INTEGERS);
  const made = slice(context, element, 2);
  const type: Type = { kind: "slice", element };
  context.locals.push({ name, type, writable: true });
  return statement`const ${name}: ${spell(type)} = ${made};`;
}

/** The elements of an array or slice, without a check. */
function localMany(context: Context): Tree {
  const { random } = context;
  const name = context.name("m");
  const element = random.pick(INTEGERS);
  const source = random.pick(elementsOf(context, element));
  const length = source.type.kind === "array" ? source.type.length : 1;
  const type: Type = { kind: "many", element, length };
  context.locals.push({ name, type, writable: true });
  return statement`const ${name}: ${spell(type)} = overlay<${spell(type)}>(addressOf(${source.make()}));`;
}

/** An object or array under another name. */
function localReference(context: Context): Tree {
  const type = context.random.pick(context.classes);
  const name = context.name("o");
  const made = object(context, type, 2);
  const word = context.random.pick(["let", "const"]);
  context.locals.push({ name, type, writable: true });
  return statement`${word} ${name}: ${type.name} = ${made};`;
}

/** Of an object, or of a whole array. */
function copy(context: Context): Tree {
  const { random, globals } = context;
  const arrays = globals.filter(({ type, writable }) => type.kind === "array" && writable);
  const type = random.pick([...context.classes, random.pick(arrays).type]);
  if (random.chance(25)) return statement`zeroStruct(${whole(context, type)});`;
  return statement`copyStruct(${whole(context, type)}, ${whole(context, type)});`;
}

const whole = (context: Context, type: Type): Tree =>
  type.kind === "class" ? object(context, type, 2) : target(context, type);

function clear(context: Context): Tree {
  const type = context.random.pick(context.classes);
  return statement`zeroStruct(${object(context, type, 2)});`;
}

/** Through a function reference in a variable, from a table or null. */
function throughReference(context: Context): Tree | undefined {
  const { random } = context;
  const table = random.pick([...context.tables]);
  const type = INTEGERS.find(({ name }) => name === table[0]);
  if (type === undefined) return undefined;
  const name = context.name("f");
  const chosen = text`TABLE_${type.name}[${variable(context, U32, 1)} % ${table[1]}]`;
  const made = text`some<Combine_${type.name}>(${chosen}, ${condition(context, 1)})`;
  const first = integer(context, type, 2);
  const called = text`note(u64.wrap(${name}(${first}, ${integer(context, type, 2)})));`;
  return statement`{\nconst ${name}: Combine_${type.name} | null = ${made};\nif (${name} !== null) ${called}\n}`;
}

/** Sets a reference in an object, to an object of the module: those last. */
function link(context: Context): Tree | undefined {
  const { random } = context;
  const owners = context.classes.flatMap((owner) =>
    owner.fields.flatMap((field) => (field.type.kind === "reference" ? [{ owner, field, type: field.type }] : [])),
  );
  if (owners.length === 0) return undefined;
  const { owner, field, type } = random.pick(owners);
  const objects = context.globals.filter((global) => sameType(global.type, type.target));
  const chosen = random.chance(20) || objects.length === 0 ? "null" : random.pick(objects).name;
  return statement`${object(context, owner, 2)}.${field.name} = ${chosen};`;
}

function assertion(context: Context): Tree | undefined {
  if (!context.random.chance(10)) return undefined;
  return statement`assert(${condition(context, 2)}, \`\${${variable(context, U32, 2)}}\`);`;
}

// ---------------------------------------------------------------------------------------------------------------------
// Statements around others.

function ifElse(context: Context, depth: number): Tree {
  const test = condition(context, size(context));
  const whenTrue = body(context, depth);
  if (context.random.chance(50)) return statement`if (${test}) {\n${whenTrue}}`;
  return statement`if (${test}) {\n${whenTrue}} else {\n${body(context, depth)}}`;
}

function labelled(context: Context): readonly [string, string] {
  if (!context.random.chance(50)) return ["", ""];
  const label = context.name("loop");
  return [label, `${label}: `];
}

function forLoop(context: Context, depth: number): Tree {
  const { random, locals } = context;
  const counter = context.name("i");
  const [label, prefix] = labelled(context);
  const type = random.pick([U8, U32]);
  const limit = random.chance(50) ? integer(context, type, 1) : expression(type.name)`${random.between(1, 9)}`;
  context.locals = [...locals, { name: counter, type, writable: false }];
  const made = loopBody(context, depth, label);
  context.locals = locals;
  const head = text`let ${counter}: ${type.name} = 0; ${below(counter, limit)} && spend(); ${counter}++`;
  return statement`${prefix}for (${head}) {\n${made}}`;
}

function whileLoop(context: Context, depth: number): Tree {
  const [label, prefix] = labelled(context);
  const test = condition(context, size(context));
  return statement`${prefix}while (${test} && spend()) {\n${loopBody(context, depth, label)}}`;
}

function doLoop(context: Context, depth: number): Tree {
  const [label, prefix] = labelled(context);
  const made = loopBody(context, depth, label);
  return statement`${prefix}do {\n${made}} while (spend() && ${condition(context, size(context))});`;
}

/** Over the elements of an array or a slice, or the bytes of a text. */
function forOf(context: Context, depth: number): Tree {
  const { random, locals } = context;
  const [label, prefix] = labelled(context);
  const element = random.chance(70) ? random.pick(INTEGERS) : random.pick(context.classes);
  const ofText = element === U8 && random.chance(50);
  const elements = ofText ? text`bytesOf(${value(context, STRING, 2)})` : slice(context, element, 2);
  const name = context.name("e");
  context.locals = [...locals, { name, type: element, writable: element.kind === "class" }];
  const made = loopBody(context, depth, label);
  context.locals = locals;
  return statement`${prefix}for (const ${name} of ${elements}) {\nif (!spend()) break;\n${made}}`;
}

function switchOf(context: Context, depth: number): Tree {
  const { random } = context;
  if (random.chance(30)) return switchOverEnum(context, depth);
  const type = random.pick(INTEGERS);
  const divisor = spellLiteral(type, 5n);
  const subject = text`${variable(context, type, size(context))}${random.chance(70) ? ` % ${divisor}` : ""}`;
  const labels = new Set<string>();
  for (let count = random.between(1, 5); count > 0; count--) {
    const isSmall = random.chance(75);
    const label = isSmall
      ? spellLiteral(type, wrap(type, BigInt(random.between(-2, 4))))
      : literal(context, type).pieces[0];
    if (typeof label === "string") labels.add(label);
  }
  return cases(context, subject, [...labels], depth);
}

function switchOverEnum(context: Context, depth: number): Tree {
  const type = context.random.pick(context.enums);
  const labels = type.members.filter(() => context.random.chance(60)).map((member) => `${type.name}.${member}`);
  return cases(context, text`keep${type.name}(${value(context, type, 2)})`, labels, depth);
}

function cases(context: Context, subject: Tree, labels: readonly string[], depth: number): Tree {
  const groups = labels.map((label) =>
    context.random.chance(25)
      ? statement`case ${label}:`
      : statement`case ${label}: {\n${body(context, depth)}break;\n}`,
  );
  const last = statement`default: {\n${body(context, depth)}break;\n}`;
  const at = context.random.chance(80) ? groups.length : 0;
  return statement`switch (${subject}) {\n${block([...groups.slice(0, at), last, ...groups.slice(at)])}}`;
}

/** tsc proves that the value is there: a scalar, an object, a slice or many. */
function narrowing(context: Context, depth: number): Tree {
  const { random, locals } = context;
  const { type, made } = maybe(context);
  const name = context.name("n");
  context.locals = [...locals, { name, type, writable: !isScalar(type) }];
  const whenTrue = body(context, depth);
  context.locals = locals;
  const other = random.chance(50) ? text` else {\n${body(context, depth)}}` : text``;
  const declared = text`const ${name}: ${spell(type)} | null = ${made};`;
  return statement`{\n${declared}\nif (${name} !== null) {\n${whenTrue}}${other}\n}`;
}

/** Something that may be null. */
function maybe(context: Context): { readonly type: Type; readonly made: Tree } {
  const { random } = context;
  const kind = random.below(10);
  const element = random.pick(INTEGERS);
  if (kind < 2) {
    const type = random.pick(context.classes);
    return { type, made: maybeObject(context, type, 2) };
  }
  if (kind < 4) {
    const type: Type = { kind: "slice", element };
    return { type, made: text`some<${spell(type)}>(${slice(context, element, 2)}, ${condition(context, 1)})` };
  }
  if (kind === 4) {
    const type: Type = { kind: "many", element, length: 1 };
    const made = text`overlay<${spell(type)}>(addressOf(${random.pick(elementsOf(context, element)).make()}))`;
    return { type, made: text`some<${spell(type)}>(${made}, ${condition(context, 1)})` };
  }
  const inner = context.optionalInner();
  return { type: inner, made: value(context, { kind: "optional", inner }, size(context)) };
}

function labelledBlock(context: Context, depth: number): Tree {
  const label = context.name("block");
  const first = body(context, depth);
  const leave = statement`if (${condition(context, size(context))}) break ${label};`;
  return statement`${label}: {\n${block([first, leave])}${body(context, depth)}}`;
}

/** Leaves a loop or the function, sometimes. */
function jump(context: Context): Tree | undefined {
  const { random, labels, inLoop, result } = context;
  if (!inLoop && random.chance(70)) return undefined;
  const test = condition(context, size(context));
  const words = [
    ...labels.flatMap((label) => [`break ${label}`, `continue ${label}`]),
    ...(inLoop ? ["break", "continue"] : []),
  ];
  if (words.length > 0 && random.chance(85)) return statement`if (${test}) ${random.pick(words)};`;
  if (result === undefined) return statement`if (${test}) return;`;
  return statement`if (${test}) return ${flow(context, result, size(context))};`;
}

/** What a function of this result returns when nothing is left to spend: a variable, as anything more could call. */
export function restingValue(context: Context, type: Type): Tree {
  const same = context.globals.filter((global) => sameType(global.type, type));
  const { name } = context.random.pick(same);
  return type.kind === "optional" ? text`keep_${spell(type.inner)}(${name})` : text`${name}`;
}
