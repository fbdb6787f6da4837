// What names mean. tsc knows, but looks at much else each time it is asked: the scopes that it has made of a function
// are searched here instead, and what it says of a module's names is kept.

import ts from "typescript";

/** Nodes that open a scope, with what is declared in it: tsc's own tables, which its interface leaves out. */
interface Scoped {
  readonly locals?: ReadonlyMap<ts.__String, ts.Symbol>;
}

/** What a module's names mean as values and as types. */
interface ModuleNames {
  readonly values: Map<string, ts.Symbol | undefined>;
  readonly types: Map<string, ts.Symbol | undefined>;
}

export class Names {
  private readonly modules = new Map<ts.Node, ModuleNames>();

  constructor(private readonly checker: ts.TypeChecker) {}

  /** The symbol that a name means, seen through imports. */
  symbolOf(name: ts.Node): ts.Symbol | undefined {
    if (ts.isIdentifier(name) && !isNameOf(name.parent, name)) return this.lookUp(name);
    return this.throughImports(this.checker.getSymbolAtLocation(name));
  }

  private lookUp(name: ts.Identifier): ts.Symbol | undefined {
    const isType = ts.isTypeReferenceNode(name.parent);
    const meaning = isType ? ts.SymbolFlags.Type : ts.SymbolFlags.Value;
    let at: ts.Node = name;
    for (; !ts.isSourceFile(at); at = at.parent) {
      if (hasOtherNames(at, isType)) return this.throughImports(this.checker.getSymbolAtLocation(name));
      const symbol = (at as Scoped).locals?.get(name.escapedText);
      if (symbol !== undefined && (symbol.flags & meaning) !== 0) return symbol;
    }
    const { types, values } = this.moduleNames(at);
    const known = isType ? types : values;
    if (!known.has(name.text)) known.set(name.text, this.throughImports(this.checker.getSymbolAtLocation(name)));
    return known.get(name.text);
  }

  private moduleNames(file: ts.SourceFile): ModuleNames {
    const names = this.modules.get(file) ?? { values: new Map(), types: new Map() };
    this.modules.set(file, names);
    return names;
  }

  private throughImports(symbol: ts.Symbol | undefined): ts.Symbol | undefined {
    if (symbol === undefined) return undefined;
    return symbol.flags & ts.SymbolFlags.Alias ? this.checker.getAliasedSymbol(symbol) : symbol;
  }
}

/** The name that something declares, or the one behind a dot: no scope tells what it means. */
const isNameOf = (parent: ts.Node & { readonly name?: ts.Node }, name: ts.Identifier): boolean => parent.name === name;

/**
 * Where names are seen that are in no table, or not all that are in one: members of an enum and type parameters of a
 * class; and a default value sees nothing of the function's body.
 */
function hasOtherNames(node: ts.Node, isType: boolean): boolean {
  if (isType) return ts.isClassDeclaration(node) && node.typeParameters !== undefined;
  return ts.isParameter(node) || ts.isEnumDeclaration(node);
}
