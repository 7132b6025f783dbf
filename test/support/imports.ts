import { readFileSync, readdirSync } from "node:fs";
import { join, posix, sep } from "node:path";
import ts from "typescript";

/** One import statement of a source file. Rooms are folders of src; a package has no room. */
export interface Import {
  readonly file: string;
  readonly from: string;
  readonly to: string;
  /** what stands between the quotes */
  readonly path: string;
  readonly typeOnly: boolean;
}

/** All files below a folder that end so, as paths with / relative to it. */
export const filesIn = (folder: string, ending: string): string[] =>
  readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(ending))
    .map((path) => path.split(sep).join("/"))
    .sort();

/** The imports and re-exports in a text that stands at `file`, a path relative to src. */
export function importsIn(file: string, text: string): Import[] {
  const from = file.includes("/") ? file.split("/")[0] : "";
  return ts.createSourceFile(file, text, ts.ScriptTarget.ES2022).statements.flatMap((statement): Import[] => {
    if (!(ts.isImportDeclaration(statement) || ts.isExportDeclaration(statement)) || !statement.moduleSpecifier)
      return [];
    const path = (statement.moduleSpecifier as ts.StringLiteral).text;
    const to = path.startsWith(".") ? posix.normalize(posix.join(posix.dirname(file), path)).split("/")[0] : "";
    return [
      {
        file,
        from,
        to,
        path,
        typeOnly: ts.isImportDeclaration(statement) ? importsTypes(statement.importClause) : exportsTypes(statement),
      },
    ];
  });
}

const importsTypes = (clause: ts.ImportClause | undefined): boolean =>
  clause !== undefined &&
  (clause.isTypeOnly ||
    (!clause.name &&
      clause.namedBindings !== undefined &&
      ts.isNamedImports(clause.namedBindings) &&
      clause.namedBindings.elements.every((element) => element.isTypeOnly)));
const exportsTypes = ({ isTypeOnly, exportClause }: ts.ExportDeclaration): boolean =>
  isTypeOnly ||
  (exportClause !== undefined &&
    ts.isNamedExports(exportClause) &&
    exportClause.elements.every((element) => element.isTypeOnly));

/** All imports below src. */
export const importsOf = (src: string): Import[] =>
  filesIn(src, ".ts").flatMap((file) => importsIn(file, readFileSync(join(src, file), "utf8")));

/** Files that reach themselves through their imports. */
export function cycles(imports: readonly Import[], files: readonly string[]): string[] {
  const links = linksOf(imports, files);
  return files.filter((file) => reachable(links, file).has(file));
}

/** What the door of a room names too early: "a needs b, which is named after it". */
export function outOfOrder(imports: readonly Import[], room: string, door: string): string[] {
  const inside = imports.filter(({ from, to }) => from === room && to === room);
  const links = linksOf(
    inside,
    inside.flatMap(({ file, path }) => [file, targetOf(file, path)]),
  );
  const named = [...new Set(importsIn(`${room}/index.ts`, door).map(({ path }) => path.replace("./", "")))];
  return named.flatMap((name, i) => {
    const needed = reachable(links, `${room}/${name}.ts`);
    const later = named.slice(i + 1).filter((other) => needed.has(`${room}/${other}.ts`));
    return later.map((other) => `${name} needs ${other}, which is named after it`);
  });
}

const targetOf = (file: string, path: string) => `${posix.normalize(posix.join(posix.dirname(file), path))}.ts`;

/** The files that each file imports. */
function linksOf(imports: readonly Import[], files: readonly string[]): ReadonlyMap<string, readonly string[]> {
  const known = new Set(files),
    links = new Map<string, string[]>();
  for (const { file, path } of imports) {
    if (!path.startsWith(".")) continue;
    const target = [targetOf(file, path), targetOf(file, `${path}/index`)].find((candidate) => known.has(candidate));
    if (target) links.set(file, [...(links.get(file) ?? []), target]);
  }
  return links;
}

/** All files that a file reaches through imports. */
function reachable(links: ReadonlyMap<string, readonly string[]>, from: string): ReadonlySet<string> {
  const reached = new Set<string>(),
    waiting = [...(links.get(from) ?? [])];
  for (let file = waiting.pop(); file !== undefined; file = waiting.pop()) {
    if (reached.has(file)) continue;
    reached.add(file);
    waiting.push(...(links.get(file) ?? []));
  }
  return reached;
}
