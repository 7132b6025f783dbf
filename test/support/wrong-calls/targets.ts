import ts from "typescript";

/** What a value may be at run time, by its declared type. */
export interface Accepts {
  /**
   * of "number", "string", "boolean", "bigint", "function", "undefined", "null", "array", "view", "record", "anything"
   */
  readonly kinds: readonly string[];
  /** of a record: its properties; absent where any names are allowed */
  readonly properties?: Readonly<Record<string, Accepts>>;
  /** of an array: its entries */
  readonly entries?: Accepts;
}

/** Something of the package that can be called: a function, a constructor, a static method or a method. */
export interface Target {
  /** as the user calls it: "cpAls", "new LowRankRNN", "LowRankRNN.random", "LowRankRNN#weights" */
  readonly name: string;
  /** what an error may call it */
  readonly where: readonly string[];
  readonly parameters: readonly { readonly name: string; readonly accepts: Accepts }[];
  /** source text of a call that is right, from the example in its doc comment */
  readonly example?: string;
  /** arguments of the call to the target in that example */
  readonly arguments: readonly string[];
}

/** Every export of an entry that can be called, with its declared types and its documented example. */
export function targetsOf(entry: string): Target[] {
  const program = ts.createProgram([entry], {
    strict: true,
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    lib: ["lib.es2023.d.ts", "lib.dom.d.ts"],
    skipLibCheck: true,
    types: [],
  });
  const checker = program.getTypeChecker();
  const source = program.getSourceFile(entry);
  const module = source && checker.getSymbolAtLocation(source);
  if (!module) throw new Error(`${entry} is no module`);
  return checker.getExportsOfModule(module).flatMap((exported): Target[] => {
    const symbol = exported.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(exported) : exported;
    const declaration = symbol.valueDeclaration;
    if (!declaration) return [];
    const name = exported.name,
      type = checker.getTypeOfSymbolAtLocation(symbol, declaration);
    const example = exampleOf(symbol, checker);
    const target = (called: string, where: string[], signature: ts.Signature, text: string | undefined): Target => ({
      name: called,
      where,
      parameters: signature.parameters.map((parameter) => ({
        name: parameter.name,
        accepts: acceptsOf(checker, checker.getTypeOfSymbolAtLocation(parameter, declaration), isOptional(parameter)),
      })),
      ...(text === undefined ? {} : { example: text }),
      arguments: text === undefined ? [] : argumentsOf(text, called),
    });
    const call = type.getCallSignatures()[0];
    if (call) return [target(name, [name], call, example)];
    const construct = type.getConstructSignatures()[0];
    if (!construct) return [];
    const statics = checker.getPropertiesOfType(type).flatMap((method) => {
      const signature =
        method.valueDeclaration && checker.getTypeOfSymbolAtLocation(method, declaration).getCallSignatures()[0];
      return signature && method.name !== "prototype" && !isPrivate(method)
        ? [
            target(
              `${name}.${method.name}`,
              [`${name}.${method.name}`, name],
              signature,
              exampleOf(method, checker) ?? example,
            ),
          ]
        : [];
    });
    const methods = checker.getPropertiesOfType(checker.getDeclaredTypeOfSymbol(symbol)).flatMap((method) => {
      const signature =
        method.valueDeclaration && checker.getTypeOfSymbolAtLocation(method, declaration).getCallSignatures()[0];
      return signature && !isPrivate(method)
        ? [
            target(
              `${name}#${method.name}`,
              [`${name}.${method.name}`, name],
              signature,
              exampleOf(method, checker) ?? example,
            ),
          ]
        : [];
    });
    return [target(`new ${name}`, [name], construct, example), ...statics, ...methods];
  });
}

const isOptional = (parameter: ts.Symbol): boolean => {
  const declaration = parameter.valueDeclaration;
  return (
    declaration !== undefined &&
    ts.isParameter(declaration) &&
    (declaration.questionToken !== undefined || declaration.initializer !== undefined)
  );
};

const isPrivate = (symbol: ts.Symbol): boolean =>
  (symbol.declarations ?? []).some((d) => ts.getCombinedModifierFlags(d) & ts.ModifierFlags.Private);

/** The first line of the doc comment's example, without what it promises. */
function exampleOf(symbol: ts.Symbol, checker: ts.TypeChecker): string | undefined {
  const tag = symbol.getJsDocTags(checker).find(({ name }) => name === "example");
  const text = tag?.text
    ?.map((part) => part.text)
    .join("")
    .split("\n")
    .join(" ")
    .trim();
  return text?.replace(/\s\/\/ .*$/, "").replace(/;\s*$/, "");
}

/** The source of the arguments of the first call to the target in an example. */
function argumentsOf(example: string, called: string): string[] {
  const callee = called.replace(/^new /, "").replace(/^.*#/, ".");
  let found: string[] | undefined;
  const file = ts.createSourceFile("example.ts", `(${example})`, ts.ScriptTarget.ES2022, true);
  const visit = (node: ts.Node): void => {
    if ((ts.isCallExpression(node) || ts.isNewExpression(node)) && !found) {
      const text = node.expression.getText(file);
      if (callee.startsWith(".") ? text.endsWith(callee) : text === callee)
        found = (node.arguments ?? []).map((argument) => argument.getText(file));
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return found ?? [];
}

/**
 * The properties of a record type; of one in a union those that every record in it has: others depend on which one it
 * is.
 */
function propertiesOf(checker: ts.TypeChecker, part: ts.Type, whole: ts.Type): ts.Symbol[] {
  const all = checker.getPropertiesOfType(part);
  if (!whole.isUnion()) return all;
  const records = whole.types.filter(
    (other) => other.flags & ts.TypeFlags.Object && other.getCallSignatures().length === 0,
  );
  return all.filter(({ name }) => records.every((other) => other.getProperty(name)));
}

/** What of JavaScript's values a type takes, three levels deep. */
function acceptsOf(checker: ts.TypeChecker, type: ts.Type, optional: boolean, depth = 0): Accepts {
  const kinds = new Set<string>(optional ? ["undefined"] : []);
  let properties: Record<string, Accepts> | undefined,
    entries: Accepts | undefined,
    open = false;
  for (const part of type.isUnion()
    ? type.types
    : [checker.getBaseConstraintOfType(type) ?? type].flatMap((t) => (t.isUnion() ? t.types : [t]))) {
    const flags = part.flags;
    if (flags & (ts.TypeFlags.Any | ts.TypeFlags.Unknown | ts.TypeFlags.TypeParameter | ts.TypeFlags.Never))
      kinds.add("anything");
    else if (flags & ts.TypeFlags.NumberLike) kinds.add("number");
    else if (flags & ts.TypeFlags.StringLike) kinds.add("string");
    else if (flags & ts.TypeFlags.BooleanLike) kinds.add("boolean");
    else if (flags & ts.TypeFlags.BigIntLike) kinds.add("bigint");
    else if (flags & ts.TypeFlags.Undefined) kinds.add("undefined");
    else if (flags & ts.TypeFlags.Null) kinds.add("null");
    else if (part.getCallSignatures().length > 0 || part.getConstructSignatures().length > 0) kinds.add("function");
    else if (checker.isArrayType(part) || checker.isTupleType(part)) {
      kinds.add("array");
      const entry = checker.getTypeArguments(part as ts.TypeReference)[0];
      if (entry && depth < 3) entries = acceptsOf(checker, entry, false, depth + 1);
    } else if (/Array$|^ArrayBuffer/.test(part.symbol?.name ?? "")) kinds.add("view");
    else if (/^ArrayLike$/.test(part.symbol?.name ?? "")) ["array", "view", "string"].map((kind) => kinds.add(kind));
    else if (/Iterable$|Generator$/.test(part.symbol?.name ?? ""))
      ["array", "view", "string", "record"].map((kind) => kinds.add(kind));
    else {
      kinds.add("record");
      // a fit is handed back whole, and holds more than any one function reads of it
      if (part.getStringIndexType() || ["model", "inputs", "conditions"].every((name) => part.getProperty(name)))
        open = true;
      if (depth >= 3) open = true;
      else
        for (const property of propertiesOf(checker, part, type)) {
          const declared = checker.getTypeOfSymbol(property);
          properties ??= {};
          properties[property.name] = acceptsOf(
            checker,
            declared,
            (property.flags & ts.SymbolFlags.Optional) !== 0,
            depth + 1,
          );
        }
    }
  }
  return { kinds: [...kinds], ...(properties && !open ? { properties } : {}), ...(entries ? { entries } : {}) };
}
