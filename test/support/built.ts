import { mkdtempSync, mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const root = fileURLToPath(new URL("../../", import.meta.url));

/** The entries for Node as files that processes and threads can run, where they find the packages they need. */
export async function builtEntries(): Promise<{ readonly folder: string; remove(): void }> {
  const cache = join(root, "node_modules/.cache");
  mkdirSync(cache, { recursive: true });
  const folder = mkdtempSync(join(cache, "ltrnn-"));
  await build({
    entryPoints: {
      index: join(root, "src/index.ts"),
      node: join(root, "src/node/index.ts"),
      "grid-worker": join(root, "src/node/grid-worker.ts"),
      cli: join(root, "src/cli/main.ts"),
      bullmq: join(root, "src/bullmq/index.ts"),
    },
    outdir: folder,
    bundle: true,
    splitting: true,
    format: "esm",
    platform: "node",
    packages: "external",
    logLevel: "error",
  });
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}
