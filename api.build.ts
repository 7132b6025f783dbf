/**
 * The public signatures of every entry, from the built declarations, as docs/api-report/*.md: a change of them is seen
 * in review. `npm run api` writes them; with `--check` it compares, and says what differs.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, dirname, resolve } from "node:path";
import ts from "typescript";

const folder = resolve("docs/api-report"),
  { exports } = JSON.parse(readFileSync("package.json", "utf8")) as { exports: Record<string, unknown> };
/** Paths of declarations by the name that is imported. */
const entries = Object.entries(exports).flatMap(([path, conditions]) => {
  const types = (conditions as { import?: { types?: string } }).import?.types;
  return types ? [[`ltrnn${path.slice(1)}`, resolve(types)] as const] : [];
});

const program = ts.createProgram(
  entries.map(([, file]) => file),
  {
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    target: ts.ScriptTarget.ES2022,
    strict: true,
    skipLibCheck: true,
    types: [],
  },
);
const checker = program.getTypeChecker(),
  printer = ts.createPrinter({ removeComments: true }),
  built = dirname(entries[0][1]);

const declarationsOf = (symbol: ts.Symbol): readonly ts.Declaration[] =>
  (symbol.declarations ?? []).filter((node) => dirname(node.getSourceFile().fileName) === built);

/** What an export stands for, where it is exported again under another name. */
const original = (symbol: ts.Symbol): ts.Symbol =>
  symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;

/** A declaration as a statement. */
function statementOf(declaration: ts.Declaration): ts.Node {
  let node: ts.Node = declaration;
  while (ts.isVariableDeclaration(node) || ts.isVariableDeclarationList(node)) node = node.parent;
  return node;
}

const textOf = (symbol: ts.Symbol): string =>
  [...new Set(declarationsOf(symbol).map(statementOf))]
    .map((node) => printer.printNode(ts.EmitHint.Unspecified, node, node.getSourceFile()))
    .join("\n");

/** Declarations that a statement names, of this package. */
function namedIn(symbol: ts.Symbol): ts.Symbol[] {
  const named = new Set<ts.Symbol>();
  const visit = (node: ts.Node): void => {
    if (ts.isIdentifier(node)) {
      const found = checker.getSymbolAtLocation(node),
        target = found && original(found);
      const outermost = target?.declarations?.some((one) => ts.isSourceFile(statementOf(one).parent ?? one));
      if (target && outermost && declarationsOf(target).length > 0) named.add(target);
    }
    ts.forEachChild(node, visit);
  };
  for (const declaration of declarationsOf(symbol)) visit(statementOf(declaration));
  return [...named];
}

const byName = ([a]: readonly [string, ...unknown[]], [b]: readonly [string, ...unknown[]]) =>
  a < b ? -1 : a > b ? 1 : 0;
const block = (texts: readonly string[]) => `\`\`\`text\n${texts.join("\n\n")}\n\`\`\`\n`;

function reportOf(entry: string, file: string): string {
  const source = program.getSourceFile(file),
    module = source && checker.getSymbolAtLocation(source);
  if (!module) throw new Error(`${file} is not there: npm run build makes it`);
  const exported = checker
    .getExportsOfModule(module)
    .map((symbol) => [symbol.name, original(symbol)] as const)
    .sort(byName);
  const seen = new Set<ts.Symbol>(exported.map(([, symbol]) => symbol)),
    hidden: [string, ts.Symbol][] = [];
  for (const queue = [...seen]; queue.length > 0; )
    for (const symbol of namedIn(queue.pop() as ts.Symbol)) {
      if (seen.has(symbol)) continue;
      seen.add(symbol);
      queue.push(symbol);
      hidden.push([symbol.name, symbol]);
    }
  const texts = exported.map(([name, symbol]) => {
    const text = textOf(symbol);
    return symbol.name === name ? text : `// exported as ${name}\n${text}`;
  });
  return [
    `# Signatures of \`${entry}\`\n`,
    "Made by `npm run api` from what is built; `npm run check` compares. A line that changes or goes here is a change for\nusers: it needs a changeset.\n",
    `${exported.length} exports:\n`,
    block(texts),
    ...(hidden.length > 0
      ? [
          "Types that they name, and that this entry does not export:\n",
          block(hidden.sort(byName).map(([, s]) => textOf(s))),
        ]
      : []),
  ].join("\n");
}

const checking = process.argv.includes("--check"),
  stale: string[] = [];
mkdirSync(folder, { recursive: true });
for (const [entry, file] of entries) {
  const path = resolve(folder, `${entry.replace("/", "-")}.md`),
    before = existsSync(path) ? readFileSync(path, "utf8") : "",
    now = reportOf(entry, file);
  if (before === now) continue;
  if (!checking) {
    writeFileSync(path, now);
    continue;
  }
  const [had, has] = [before, now].map((text) => new Set(text.split("\n")));
  const lines = [
    ...[...had].filter((line) => !has.has(line)).map((line) => `- ${line}`),
    ...[...has].filter((line) => !had.has(line)).map((line) => `+ ${line}`),
  ];
  stale.push(
    `${basename(path)}:`,
    ...lines.slice(0, 40),
    ...(lines.length > 40 ? [`… ${lines.length - 40} more`] : []),
  );
}
if (stale.length > 0) {
  console.error(`${stale.join("\n")}\nThe public signatures have changed: run npm run api, and commit what it writes.`);
  process.exitCode = 1;
}
