import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../../", import.meta.url));

/** Names that a program imports, by module. */
type Imports = Readonly<Record<string, readonly string[]>>;

/** A user's project in which the package is installed as it would be published. */
export interface PackedProject {
  readonly folder: string;
  run(command: string, args: readonly string[]): string;
  write(file: string, text: string): void;
  /**
   * Write a program as an ES module and as CommonJS. `tf` is tfjs-core where backends are named. @returns both files
   */
  writeBoth(name: string, imports: Imports, program: string, backends?: readonly string[]): readonly [string, string];
  remove(): void;
}

/** Pack the package, and unpack it beside its dependencies. */
export function packedProject(): PackedProject {
  const folder = mkdtempSync(join(tmpdir(), "ltrnn-user-"));
  const run = (command: string, args: readonly string[], cwd = folder) =>
    execFileSync(command, args, { cwd, encoding: "utf8" });
  const write = (file: string, text: string) => writeFileSync(join(folder, file), text);
  const packed = run("npm", ["pack", "--json", "--silent", "--pack-destination", folder], root);
  const [{ filename }] = JSON.parse(packed) as { filename: string }[];
  mkdirSync(join(folder, "node_modules/@tensorflow"), { recursive: true });
  run("tar", ["-xzf", filename]);
  run("mv", ["package", "node_modules/ltrnn"]);
  const tfjs = ["core", "backend-cpu", "backend-wasm"].map((part) => `@tensorflow/tfjs-${part}`);
  for (const name of ["ml-matrix", "fflate", ...tfjs])
    symlinkSync(join(root, "node_modules", name), join(folder, "node_modules", name));
  write("package.json", '{ "name": "user", "private": true }');
  return {
    folder,
    run,
    write,
    writeBoth(name, imports, program, backends = []) {
      const withTfjs = backends.length > 0,
        packages = backends.map((backend) => `@tensorflow/tfjs-backend-${backend}`);
      const esm = [
        ...Object.entries(imports).map(([module, names]) => `import { ${names.join(", ")} } from "${module}";`),
        ...(withTfjs ? ['import * as tf from "@tensorflow/tfjs-core";'] : []),
        ...packages.map((module) => `import "${module}";`),
      ];
      const cjs = [
        ...Object.entries(imports).map(([module, names]) => `const { ${names.join(", ")} } = require("${module}");`),
        ...(withTfjs ? ['const tf = require("@tensorflow/tfjs-core");'] : []),
        ...packages.map((module) => `require("${module}");`),
      ];
      write(`${name}.mjs`, `${esm.join("\n")}\n${program}`);
      write(`${name}.cjs`, `${cjs.join("\n")}\n${program}`);
      return [`${name}.mjs`, `${name}.cjs`];
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
