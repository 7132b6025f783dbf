import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../../", import.meta.url));

/** Names that a program imports, by module. */
type Imports = Readonly<Record<string, readonly string[]>>;

/** A user's project in which the package is installed as it would be published. */
export interface PackedProject {
  readonly folder: string;
  /** where the package is installed with its dependencies, and without any peer */
  readonly bare: string;
  /** the tarball that `npm publish` would send, as npm tells of it */
  readonly tarball: { readonly filename: string; readonly size: number; readonly unpackedSize: number };
  /** what npm printed when it installed the tarball */
  readonly said: string;
  run(command: string, args: readonly string[]): string;
  write(file: string, text: string): void;
  /**
   * Write a program as an ES module and as CommonJS, with `load`, which loads a module of the same kind. `tf` is
   * tfjs-core where backends are named. @returns both files
   */
  writeBoth(name: string, imports: Imports, program: string, backends?: readonly string[]): readonly [string, string];
  remove(): void;
}

/** Peers and what tests need beside them, which a user's project has. */
const beside = [
  ...["core", "backend-cpu", "backend-wasm"].map((part) => `@tensorflow/tfjs-${part}`),
  ...["vega", "vega-lite", "bullmq", "h5wasm"],
];

/** The dependencies of the package, and theirs. */
function dependencies(names: readonly string[], found = new Set<string>()): readonly string[] {
  for (const name of names) {
    if (found.has(name)) continue;
    found.add(name);
    const manifest = readFileSync(join(root, "node_modules", name, "package.json"), "utf8");
    dependencies(Object.keys((JSON.parse(manifest) as { dependencies?: object }).dependencies ?? {}), found);
  }
  return [...found];
}

/**
 * Pack the package, and let npm install the tarball in an empty project, without a network: its dependencies are
 * tarballs of what is installed here. Peers are linked afterwards.
 */
export function packedProject(): PackedProject {
  const folder = mkdtempSync(join(tmpdir(), "ltrnn-user-")),
    bare = mkdtempSync(join(tmpdir(), "ltrnn-bare-"));
  const run = (command: string, args: readonly string[], cwd = folder) =>
    execFileSync(command, args, { cwd, encoding: "utf8" });
  const write = (file: string, text: string) => writeFileSync(join(folder, file), text);
  const pack = (what: readonly string[]) =>
    JSON.parse(run("npm", ["pack", ...what, "--json", "--silent", "--pack-destination", bare], root)) as {
      name: string;
      filename: string;
      size: number;
      unpackedSize: number;
    }[];
  const [tarball] = pack([]);
  const own = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { dependencies: object };
  const needed = dependencies(Object.keys(own.dependencies)).map((name) => `./node_modules/${name}`);
  const overrides = Object.fromEntries(
    pack(["--ignore-scripts", ...needed]).map(({ name, filename }) => [name, `file:./${filename}`]),
  );
  const manifest = { name: "user", private: true, dependencies: { ltrnn: `file:./${tarball.filename}` }, overrides };
  writeFileSync(join(bare, "package.json"), JSON.stringify(manifest));
  const install = spawnSync("npm", ["install", "--offline", "--no-audit", "--no-fund"], {
    cwd: bare,
    encoding: "utf8",
  });
  if (install.status !== 0) throw new Error(`npm does not install the tarball: ${install.stderr}`);
  cpSync(join(bare, "node_modules"), join(folder, "node_modules"), { recursive: true });
  mkdirSync(join(folder, "node_modules/@tensorflow"));
  for (const name of beside) symlinkSync(join(root, "node_modules", name), join(folder, "node_modules", name));
  write("package.json", '{ "name": "user", "private": true }');
  return {
    folder,
    bare,
    tarball,
    said: `${install.stdout}${install.stderr}`.trim(),
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
      write(`${name}.mjs`, `${esm.join("\n")}\nconst load = (module) => import(module);\n${program}`);
      write(`${name}.cjs`, `${cjs.join("\n")}\nconst load = require;\n${program}`);
      return [`${name}.mjs`, `${name}.cjs`];
    },
    remove() {
      for (const each of [folder, bare]) rmSync(each, { recursive: true, force: true });
    },
  };
}
