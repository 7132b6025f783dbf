/**
 * The declarations of all sources, in .types, of which the build makes those of the package. Types are not checked here,
 * which `npm run typecheck` does, so this takes a fifth of the time.
 */
import { rmSync } from "node:fs";
import ts from "typescript";

const folder = ".types";

/** Write declarations of files of src and of all that they import. @returns where those of each file stand */
export default function buildTypes(sources: Readonly<Record<string, string>>): Record<string, string> {
  rmSync(folder, { recursive: true, force: true });
  const { config } = ts.readConfigFile("tsconfig.json", ts.sys.readFile),
    { options } = ts.parseJsonConfigFileContent(config, ts.sys, process.cwd());
  const program = ts.createProgram(Object.values(sources), {
    ...options,
    noEmit: false,
    noCheck: true,
    declaration: true,
    emitDeclarationOnly: true,
    rootDir: "src",
    outDir: folder,
  });
  const { diagnostics, emitSkipped } = program.emit();
  if (emitSkipped || diagnostics.length > 0) {
    const text = ts.formatDiagnostics(diagnostics, {
      getCanonicalFileName: (file) => file,
      getCurrentDirectory: () => process.cwd(),
      getNewLine: () => "\n",
    });
    throw new Error(`The declarations cannot be written: ${text}`);
  }
  return Object.fromEntries(
    Object.entries(sources).map(([name, file]) => [name, file.replace(/^src/, folder).replace(/\.ts$/, ".d.ts")]),
  );
}
