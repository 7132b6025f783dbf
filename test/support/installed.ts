import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build as bundle } from "esbuild";

const root = fileURLToPath(new URL("../../", import.meta.url));

/** A user's project on disk, in which this package is installed as it is built, beside what it depends on. */
export interface InstalledProject {
  readonly folder: string;
  /** the built package's dist */
  readonly dist: string;
  remove(): void;
}

/** Build the package and install it into a new project; `beside` names other packages that the project has. */
export function installedProject(beside: readonly string[] = []): InstalledProject {
  const folder = mkdtempSync(join(tmpdir(), "ltrnn-project-")),
    installed = join(folder, "node_modules/ltrnn"),
    dist = join(installed, "dist");
  execFileSync(
    process.execPath,
    [join(root, "node_modules/tsup/dist/cli-default.js"), "--silent", "--no-dts", "--out-dir", dist],
    { cwd: root },
  );
  writeFileSync(join(installed, "package.json"), readFileSync(join(root, "package.json")));
  writeFileSync(join(folder, "package.json"), '{ "name": "user", "private": true, "type": "module" }');
  for (const name of ["ml-matrix", "fflate", ...beside]) {
    mkdirSync(dirname(join(folder, "node_modules", name)), { recursive: true });
    symlinkSync(join(root, "node_modules", name), join(folder, "node_modules", name));
  }
  return { folder, dist, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

/** The file of public numbers as one JavaScript module, whose functions take the library as an argument. */
export const bundlePublicNumbers = (folder: string) =>
  bundle({
    entryPoints: { "public-numbers": join(root, "test/engines/public-numbers.ts") },
    outdir: folder,
    bundle: true,
    format: "esm",
    logLevel: "silent",
  });
