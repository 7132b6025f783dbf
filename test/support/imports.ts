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
  const next = new Map<string, string[]>();
  for (const { file, path } of imports) {
    if (!path.startsWith(".")) continue;
    const base = posix.normalize(posix.join(posix.dirname(file), path));
    const target = [`${base}.ts`, `${base}/index.ts`].find((candidate) => files.includes(candidate));
    if (target) next.set(file, [...(next.get(file) ?? []), target]);
  }
  const reaches = (from: string, goal: string, seen = new Set<string>()): boolean =>
    (next.get(from) ?? []).some((to) => {
      if (to === goal) return true;
      if (seen.has(to)) return false;
      seen.add(to);
      return reaches(to, goal, seen);
    });
  return files.filter((file) => reaches(file, file));
}
