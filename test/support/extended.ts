import { build } from "esbuild";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const src = fileURLToPath(new URL("../../src/", import.meta.url));

/** A file of the library as an extension leaves it: a new one, or one with a line more. */
export interface Extension {
  /** new files, by their paths in src */
  readonly files: Readonly<Record<string, string>>;
  /** text of files that are there, and what takes its place */
  readonly edits: Readonly<Record<string, readonly (readonly [before: string, after: string])[]>>;
}

/** The library with an extension inside it, as a module. */
export async function extended({ files, edits }: Extension): Promise<typeof import("../../src")> {
  const { outputFiles } = await build({
    entryPoints: [`${src}index.ts`],
    bundle: true,
    format: "esm",
    platform: "node",
    write: false,
    logLevel: "error",
    plugins: [
      {
        name: "extension",
        setup(building) {
          building.onResolve({ filter: /^\.\// }, ({ path, importer }) => {
            const found = Object.keys(files).find((file) => `./${file.split("/").at(-1)}` === `${path}.ts`);
            return found && importer.includes(`/${found.split("/")[0]}/`) ? { path: `${src}${found}` } : undefined;
          });
          building.onLoad({ filter: /\.ts$/ }, ({ path }) => {
            const file = path.slice(src.length);
            if (Object.hasOwn(files, file)) return { contents: files[file], loader: "ts" };
            if (!Object.hasOwn(edits, file)) return undefined;
            let contents = readFileSync(path, "utf8");
            for (const [before, after] of edits[file]) {
              if (!contents.includes(before)) throw new Error(`${file} does not hold ${before}`);
              contents = contents.replace(before, after);
            }
            return { contents, loader: "ts" };
          });
        },
      },
    ],
  });
  return import(`data:text/javascript;base64,${Buffer.from(outputFiles[0].contents).toString("base64")}`);
}
