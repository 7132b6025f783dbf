import { readFileSync, readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import ts from "typescript";

const root = fileURLToPath(new URL("../../", import.meta.url));

/** The fenced ts blocks of the guides, each as a module of its own: its name says the line where it begins. */
function snippets(): Map<string, string> {
  const guides = readdirSync(`${root}docs`).filter((file) => file.endsWith(".md"));
  const found = new Map<string, string>();
  for (const guide of ["../README.md", ...guides]) {
    const text = readFileSync(`${root}docs/${guide}`, "utf8");
    // a module, also where it imports nothing, so that names of two blocks do not meet
    for (const { 1: code, index } of text.matchAll(/^```ts\n([\s\S]*?)^```/gm))
      found.set(
        `${root}docs/${guide.replace("../", "")}.${text.slice(0, index).split("\n").length}.ts`,
        `${code}\nexport {};\n`,
      );
  }
  return found;
}

/**
 * What a strict project would say of the guides' snippets: under `strict`, `noUncheckedIndexedAccess` and
 * `exactOptionalPropertyTypes`, against the sources.
 */
export function problemsOfSnippets(modules: Map<string, string> = snippets()): string[] {
  const { config } = ts.readConfigFile(`${root}docs/site/tsconfig.json`, ts.sys.readFile);
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, `${root}docs/site`);
  const strict: ts.CompilerOptions = {
    ...options,
    noUncheckedIndexedAccess: true,
    exactOptionalPropertyTypes: true,
    noUnusedLocals: false,
  };
  const host = ts.createCompilerHost(strict);
  const { fileExists, readFile, getSourceFile } = host;
  host.fileExists = (file) => modules.has(file) || fileExists(file);
  host.readFile = (file) => modules.get(file) ?? readFile(file);
  host.getSourceFile = (file, target, ...rest) => {
    const code = modules.get(file);
    return code === undefined ? getSourceFile(file, target, ...rest) : ts.createSourceFile(file, code, target);
  };
  const program = ts.createProgram([...modules.keys()], strict, host);
  return [...modules.keys()].flatMap((name) => {
    const source = program.getSourceFile(name);
    const found = [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)];
    const [, guide, first] = /([^/]+\.md)\.(\d+)\.ts$/.exec(name) ?? [];
    return found.map(({ messageText, start = 0 }) => {
      const line = Number(first) + 1 + (modules.get(name) ?? "").slice(0, start).split("\n").length - 1;
      return `${guide}, line ${line}: ${ts.flattenDiagnosticMessageText(messageText, " ")}`;
    });
  });
}
