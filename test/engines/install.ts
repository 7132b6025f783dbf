import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/**
 * Where engines that come as npm packages are installed: outside what git tracks, and apart from what `npm ci` brings.
 */
export const cache = fileURLToPath(new URL("../../node_modules/.cache/engines", import.meta.url));

/** npm packages that ship an engine's executable, by the name of the engine. */
export const packages: Readonly<Record<string, string>> = {
  "Node 20": "npm:node-{system}@20.20.2",
  "Node 22": "npm:node-{system}@22.23.3",
  "Node 24": "npm:node-{system}@24.21.0",
  Deno: "npm:deno@2.9.6",
  Bun: "npm:bun@1.4.5",
};

const system = `${process.platform === "win32" ? "win" : process.platform}-${process.arch}`;
const ending = process.platform === "win32" ? ".exe" : "";
const aliasOf = (engine: string) => engine.toLowerCase().replace(" ", "");
const specificationOf = (engine: string) => `${aliasOf(engine)}@${packages[engine].replace("{system}", system)}`;

/**
 * The executable of an engine: in the cache, or, of Deno and Bun, as `npm ci` brings them; undefined where that version
 * is not installed.
 */
export function installedEngine(engine: string): string | undefined {
  const marker = join(cache, `${aliasOf(engine)}.installed`);
  const cached = existsSync(marker) && readFileSync(marker, "utf8") === specificationOf(engine);
  const modules = cached ? join(cache, aliasOf(engine), "node_modules") : join(cache, "../..");
  const nodes = [`bin/node${ending}`, `node${ending}`].map((file) => join(modules, aliasOf(engine), file));
  const candidates =
    engine === "Deno"
      ? platformFolders(modules, "@deno").map((folder) => join(folder, `deno${ending}`))
      : engine === "Bun"
        ? platformFolders(modules, "@oven").map((folder) => join(folder, "bin", `bun${ending}`))
        : cached
          ? nodes
          : [];
  return candidates.find((file) => existsSync(file) && runs(file));
}

/** npm installs the packages of the platforms that fit, of which some may not: another C library, say. */
const platformFolders = (modules: string, scope: string): string[] =>
  existsSync(join(modules, scope)) ? readdirSync(join(modules, scope)).map((name) => join(modules, scope, name)) : [];

function runs(executable: string): boolean {
  try {
    execFileSync(executable, ["--version"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

/** Install what is missing, without running scripts of the packages. @returns why an engine could not be installed */
export function installEngines(): Record<string, string> {
  const failures: Record<string, string> = {};
  for (const engine of Object.keys(packages)) {
    if (installedEngine(engine)) continue;
    const folder = join(cache, aliasOf(engine));
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, "package.json"), '{ "private": true }');
    try {
      execFileSync(
        process.platform === "win32" ? "npm.cmd" : "npm",
        ["install", "--ignore-scripts", "--no-audit", "--no-fund", "--no-save", specificationOf(engine)],
        { cwd: folder, stdio: ["ignore", "ignore", "pipe"], encoding: "utf8", shell: process.platform === "win32" },
      );
      writeFileSync(join(cache, `${aliasOf(engine)}.installed`), specificationOf(engine));
      if (!installedEngine(engine)) failures[engine] = `its package has no executable for ${system} that runs`;
    } catch (error) {
      const { stderr } = error as { stderr?: string };
      failures[engine] = `npm could not install it: ${stderr?.trim().split("\n")[0] ?? String(error)}`;
    }
  }
  return failures;
}
