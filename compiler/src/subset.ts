// The closed allow-table of syntax. A kind of node that is not in it is a diagnostic, whatever tsc thinks of it; what is in
// it has a lowering, or is a part of something that has one.

import ts from "typescript";

import type { Unit } from "./unit";

const K = ts.SyntaxKind;

const ALLOWED: ReadonlySet<ts.SyntaxKind> = new Set([
  // Modules.
  K.SourceFile,
  K.EndOfFileToken,
  K.ImportDeclaration,
  K.ImportClause,
  K.NamedImports,
  K.ImportSpecifier,
  K.NamespaceImport,
  K.ExportDeclaration,
  K.NamedExports,
  K.ExportSpecifier,
  K.ExportAssignment,
  // Declarations.
  K.FunctionDeclaration,
  K.Parameter,
  K.TypeParameter,
  K.ClassDeclaration,
  K.HeritageClause,
  K.Decorator,
  K.PropertyDeclaration,
  K.MethodDeclaration,
  K.Constructor,
  K.GetAccessor,
  K.SetAccessor,
  K.IndexSignature,
  K.ClassStaticBlockDeclaration,
  K.SemicolonClassElement,
  K.EnumDeclaration,
  K.EnumMember,
  K.TypeAliasDeclaration,
  K.InterfaceDeclaration,
  K.PropertySignature,
  K.MethodSignature,
  K.ModuleDeclaration,
  K.ModuleBlock,
  K.VariableStatement,
  K.VariableDeclarationList,
  K.VariableDeclaration,
  // Modifiers; where each may stand is checked with the declaration.
  K.ExportKeyword,
  K.DefaultKeyword,
  K.DeclareKeyword,
  K.PrivateKeyword,
  K.PublicKeyword,
  K.ProtectedKeyword,
  K.ReadonlyKeyword,
  K.StaticKeyword,
  K.AbstractKeyword,
  K.OverrideKeyword,
  K.ConstKeyword,
  K.AccessorKeyword,
  // Types.
  K.TypeReference,
  K.QualifiedName,
  K.UnionType,
  K.IntersectionType,
  K.ParenthesizedType,
  K.FunctionType,
  K.LiteralType,
  K.TypeQuery,
  K.TypePredicate,
  K.TypeLiteral,
  K.ArrayType,
  K.TupleType,
  K.VoidKeyword,
  K.NeverKeyword,
  K.BooleanKeyword,
  K.StringKeyword,
  K.NumberKeyword,
  K.BigIntKeyword,
  K.AnyKeyword,
  K.UnknownKeyword,
  K.UndefinedKeyword,
  K.ObjectKeyword,
  K.SymbolKeyword,
  K.ExpressionWithTypeArguments,
  // Statements.
  K.Block,
  K.EmptyStatement,
  K.ExpressionStatement,
  K.IfStatement,
  K.ForStatement,
  K.ForOfStatement,
  K.WhileStatement,
  K.DoStatement,
  K.SwitchStatement,
  K.CaseBlock,
  K.CaseClause,
  K.DefaultClause,
  K.BreakStatement,
  K.ContinueStatement,
  K.ReturnStatement,
  K.LabeledStatement,
  // Expressions.
  K.Identifier,
  K.ThisKeyword,
  K.NullKeyword,
  K.TrueKeyword,
  K.FalseKeyword,
  K.NumericLiteral,
  K.BigIntLiteral,
  K.StringLiteral,
  K.NoSubstitutionTemplateLiteral,
  K.TemplateExpression,
  K.TemplateHead,
  K.TemplateSpan,
  K.TemplateMiddle,
  K.TemplateTail,
  K.ParenthesizedExpression,
  K.PropertyAccessExpression,
  K.ElementAccessExpression,
  K.CallExpression,
  K.NewExpression,
  K.BinaryExpression,
  K.PrefixUnaryExpression,
  K.PostfixUnaryExpression,
  K.ConditionalExpression,
  K.AsExpression,
  K.VoidExpression,
  K.ObjectLiteralExpression,
  K.PropertyAssignment,
  K.ShorthandPropertyAssignment,
  K.ArrayLiteralExpression,
  K.QuestionToken,
  K.QuestionDotToken,
  K.ColonToken,
  K.AwaitKeyword,
  K.SpreadElement,
  K.SpreadAssignment,
  K.DotDotDotToken,
  K.AsteriskToken,
  K.ObjectBindingPattern,
  K.ArrayBindingPattern,
  K.BindingElement,
  K.OmittedExpression,
  K.ComputedPropertyName,
  K.PrivateIdentifier,
]);

/** What a rejected kind is called, and what to write instead. */
const ADVICE = new Map<ts.SyntaxKind, readonly [string, string]>([
  [K.TryStatement, ["'try'", "return an enum or null for an expected failure, panic for a broken invariant"]],
  [K.ThrowStatement, ["'throw'", "return an enum or null for an expected failure, panic for a broken invariant"]],
  [K.ForInStatement, ["'for ... in'", "use 'for ... of' or count"]],
  [K.WithStatement, ["'with'", "name the object"]],
  [K.DebuggerStatement, ["'debugger'", "use int3() and gdb"]],
  [K.TypeOfExpression, ["'typeof'", "every type is known at compile time"]],
  [K.DeleteExpression, ["'delete'", "set the field to null or zero"]],
  [K.AwaitExpression, ["'await'", "there is no async"]],
  [K.YieldExpression, ["'yield'", "write a loop"]],
  [K.AsyncKeyword, ["'async'", "there is no async"]],
  [K.RegularExpressionLiteral, ["a regular expression", "compare bytes"]],
  [K.TaggedTemplateExpression, ["a tagged template", "call a function with a Message parameter"]],
  [K.NonNullExpression, ["'!' after a value", "test it against null"]],
  [K.TypeAssertionExpression, ["a cast in angle brackets", "use 'as' or a conversion function"]],
  [K.SatisfiesExpression, ["'satisfies'", "declare the type"]],
  [K.ClassExpression, ["a class expression", "declare the class at the top level"]],
  [K.MetaProperty, ["a meta property", "name the value"]],
  [K.SuperKeyword, ["'super'", "classes do not inherit"]],
  [K.MappedType, ["a mapped type", "declare a class"]],
  [K.ConditionalType, ["a conditional type", "name the type"]],
  [K.IndexedAccessType, ["an indexed access type", "name the type"]],
  [K.TypeOperator, ["a type operator", "name the type"]],
  [K.TemplateLiteralType, ["a template literal type", "use string"]],
  [K.ConstructorType, ["a constructor type", "name the class"]],
  [K.ImportType, ["an import type", "import the name at the top of the file"]],
  [K.ImportEqualsDeclaration, ["'import ='", 'write: import { name } from "./module"']],
]);

/** Reports every construct outside the table, in every file of the program. */
export function checkSubset(unit: Unit): void {
  for (const file of unit.source.files) checkNode(unit, file);
}

function checkNode(unit: Unit, node: ts.Node): void {
  if (ts.isArrowFunction(node)) return unit.report(node, "TK1005", "an arrow function");
  if (ts.isFunctionExpression(node)) return unit.report(node, "TK1005", "a function expression");
  if (!ALLOWED.has(node.kind) && !isOperator(node)) return reject(unit, node);
  ts.forEachChild(node, (child) => checkNode(unit, child));
}

/** Operator tokens are judged with their expression. */
const isOperator = (node: ts.Node): boolean => ts.isBinaryExpression(node.parent) && node.parent.operatorToken === node;

function reject(unit: Unit, node: ts.Node): void {
  const [what, advice] = ADVICE.get(node.kind) ?? [`this (${K[node.kind]})`, "see compiler/LANGUAGE.md"];
  unit.report(node, "TK1001", what, advice);
}
