import { spawnSync } from "node:child_process";
import { cpSync, existsSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";
import { build as viteBuild, createLogger } from "vite";
import { afterAll, beforeAll, expect, test } from "vitest";
import { version } from "../../src/base";
import { commands, type Command } from "../engines/command-line";
import { packages } from "../engines/install";
import { packedProject, type PackedProject } from "../support/packed";
import { allEntries, learn, missingPeers, returned, threaded } from "./programs";

const root = fileURLToPath(new URL("../../", import.meta.url));
const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
let project: PackedProject;
beforeAll(() => {
  project = packedProject();
}, 300_000); // it builds the package
afterAll(() => project?.remove());

test("a browser bundle keeps the registration of gradients, and one tfjs-core", async () => {
  const { outputFiles, metafile } = await build({
    stdin: { contents: 'import { networkOp } from "ltrnn/tfjs"; console.log(networkOp);', resolveDir: project.folder },
    bundle: true,
    write: false,
    format: "esm",
    platform: "browser",
    metafile: true,
    external: ["@tensorflow/tfjs-core"],
  });
  expect(outputFiles[0].text).toMatch(/registerGradient\(gradientConfig\)/);
  expect(Object.keys(metafile.inputs).filter((path) => path.includes("@tensorflow"))).toEqual([]);
});

test("both entries have types, for modules of either kind", () => {
  const typed = `
import { LowTensorRankRNN, unfold, tensor, type Matrix } from "ltrnn";
import { networkOp, tfjsLoss, toTfjs } from "ltrnn/tfjs";
type Scalar = import("@tensorflow/tfjs-core").Tensor;
export const loss = tfjsLoss((y, { head }) => head.h, { head: {} as { h: Scalar } });
export const op = networkOp;
export const m: Matrix = unfold(tensor([2, 2], [1, 2, 3, 4]), 0);
export const rank: number = LowTensorRankRNN.random({ units: 2, inputs: 1, rank: 1, trials: 1 }, 1).rank;
export const t = toTfjs(m);`;
  project.write("a.mts", `${typed}\n// @ts-expect-error a rank is a number\nexport const wrong: string = rank;`);
  project.write("b.cts", typed);
  project.run("node", [
    join(root, "node_modules/typescript/bin/tsc"),
    "--noEmit",
    "--strict",
    "--skipLibCheck",
    "--module",
    "nodenext",
    "--target",
    "es2022",
    "a.mts",
    "b.cts",
  ]);
});

test("what the library returns is accepted by what takes it, under exactOptionalPropertyTypes", () => {
  project.write("strict.mts", returned);
  project.write(
    "strict-wrong.mts",
    `${returned}
// @ts-expect-error an option is left out, not undefined
fitLowTensorRank(fit.prediction, 1, { mask: undefined });
// @ts-expect-error an entry may be missing
const first: number = fit.starts[0].steps;
export { first };`,
  );
  project.run("node", [
    join(root, "node_modules/typescript/bin/tsc"),
    "--noEmit",
    "--strict",
    "--skipLibCheck",
    "--exactOptionalPropertyTypes",
    "--noUncheckedIndexedAccess",
    "--module",
    "nodenext",
    "--target",
    "es2022",
    "strict.mts",
    "strict-wrong.mts",
  ]);
});

/** A page that uses one function, minified. */
const pageOf = async (name: string): Promise<string> => {
  const { outputFiles } = await build({
    stdin: { contents: `import { ${name} } from "ltrnn"; console.log(${name});`, resolveDir: project.folder },
    bundle: true,
    write: false,
    format: "esm",
    minify: true,
    platform: "browser",
  });
  return outputFiles[0].text;
};

test("unfold alone bundles without tfjs, ml-matrix or anything else, and small", async () => {
  const text = await pageOf("unfold");
  expect(text).not.toMatch(/tensorflow|SingularValue|inflate/i);
  expect(text.length).toBeLessThan(4000);
});

test.each([
  ["cpAls", 30_000],
  ["learningRankBound", 8_000],
])("a page that uses only %s is at most %i bytes gzip", async (name, most) => {
  expect(gzipSync(await pageOf(name), { level: 9 }).length).toBeLessThanOrEqual(most);
});

test("the main entry bundles without tfjs", async () => {
  const { metafile } = await build({
    stdin: { contents: 'export * from "ltrnn";', resolveDir: project.folder },
    bundle: true,
    write: false,
    format: "esm",
    platform: "browser",
    metafile: true,
    preserveSymlinks: false,
  });
  expect(Object.keys(metafile.inputs).filter((path) => path.includes("tensorflow"))).toEqual([]);
});

test("npm installs the tarball in an empty project without a warning", () => {
  expect(project.said).toMatch(/^added \d+ packages? in [\d.]+m?s$/);
});

test("the tarball holds no maps of sources, and stays small", () => {
  const built = readdirSync(join(project.folder, "node_modules/ltrnn/dist"));
  expect(built.filter((name) => name.endsWith(".map"))).toEqual([]);
  expect(project.tarball.size).toBeLessThan(1_400_000);
  expect(project.tarball.unpackedSize).toBeLessThan(7_000_000);
});

test("every package of which code is bundled is named among the notices, with its license", async () => {
  const { metafile } = await build({
    entryPoints: [
      "index.ts",
      ...["tfjs", "vega", "node", "hdf5", "bullmq", "cli"].map((room) => `${room}/index.ts`),
    ].map((file) => join(root, "src", file)),
    outdir: project.folder,
    bundle: true,
    write: false,
    format: "esm",
    platform: "node",
    mainFields: ["module", "main"],
    external: Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies }),
    logLevel: "error",
    metafile: true,
    plugins: [
      {
        name: "what tsup bundles of a peer",
        setup: ({ onResolve }) =>
          onResolve({ filter: /register_all_gradients$/ }, ({ path }) => ({
            path: join(root, "node_modules", `${path}.js`),
          })),
      },
    ],
  });
  const parts = Object.values(metafile.outputs).flatMap(({ inputs }) => Object.entries(inputs));
  const bundled = parts.flatMap(([path, { bytesInOutput }]) =>
    bytesInOutput > 0 ? (path.match(/node_modules\/((?:@[^/]+\/)?[^/]+)/)?.[1] ?? []) : [],
  );
  expect([...new Set(bundled)]).toEqual(["@tensorflow/tfjs-core"]);
  const notices = readFileSync(join(root, "THIRD-PARTY.md"), "utf8");
  for (const name of [...bundled, "assemblyscript"]) {
    const { license } = JSON.parse(readFileSync(join(root, "node_modules", name, "package.json"), "utf8"));
    expect([name, license]).toEqual([name, "Apache-2.0"]);
    expect(notices.toLowerCase()).toContain(`\n## ${name},`);
  }
  expect(notices).toContain("> END OF TERMS AND CONDITIONS");
});

test("where the package lives agrees in its manifest and its citation", () => {
  const { repository, homepage, bugs } = manifest,
    home = repository.url.replace(/^git\+(.*)\.git$/, "$1");
  expect(home).toMatch(/^https:\/\/github\.com\/[\w-]+\/ltrnn$/);
  expect([homepage, bugs.url]).toEqual([`${home}#readme`, `${home}/issues`]);
  expect(readFileSync(join(root, "CITATION.cff"), "utf8")).toContain(`repository-code: "${home}"`);
  // what npm shows has links that work there: into the page itself, or absolute, to files that are in the repository
  const readme = readFileSync(join(root, "README.md"), "utf8"),
    links = [...readme.matchAll(/\]\(([^)\s]+)/g), ...readme.matchAll(/(?:src|href)="([^"]+)"/g)].map(
      ([, link]) => link,
    );
  expect(links.filter((link) => !/^(https:\/\/|#)/.test(link))).toEqual([]);
  const files = links.flatMap((link) => {
    const path = link.match(
      /^https:\/\/(?:github\.com|raw\.githubusercontent\.com)\/ltrnn\/ltrnn\/(?:blob\/)?main\/([^#?]+)/,
    )?.[1];
    return path ? [path] : [];
  });
  expect(files.length).toBeGreaterThan(10);
  expect(files.filter((path) => !existsSync(join(root, path)))).toEqual([]);
});

test("the package holds what it says, and its version is the code's", () => {
  const shipped = JSON.parse(readFileSync(join(project.folder, "node_modules/ltrnn/package.json"), "utf8"));
  expect(shipped.version).toBe(version);
  const onInstall = ["preinstall", "install", "postinstall", "prepare"]; // npm warns of these, and may not run them
  expect(Object.keys(shipped.scripts).filter((name) => onInstall.includes(name))).toEqual([]);
  expect(readFileSync(join(root, "CITATION.cff"), "utf8")).toContain(`version: ${version}`);
  expect(readdirSync(join(project.folder, "node_modules/ltrnn")).sort()).toEqual([
    "CHANGELOG.md",
    "CITATION.cff",
    "LICENSE",
    "README.md",
    "THIRD-PARTY.md",
    "dist",
    "package.json",
  ]);
});

// the Node that runs the tests, and Deno and Bun where `npm run engines -- --install` has put them
const found = commands(),
  runtimes = found.filter(({ name }, i) => i === 0 || /^(Deno|Bun) /.test(name));
for (const name of ["Deno", "Bun"].filter((engine) => !found.some((command) => command.name.startsWith(engine))))
  console.log(
    `${name} is not found: the package is not run in it (npm run engines -- --install brings ${packages[name]})`,
  );

/** What tfjs-core itself says in Node. */
const greeting = /^\s*=+\nHi, looks like you are running TensorFlow\.js in Node\.js\.[^\n]*\n=+\s*$/;

/** The last line that each file prints; none prints a warning. */
const lastLines = ({ executable, flags }: Command, files: readonly string[], cwd = project.folder) =>
  files.map((file) => {
    const { status, stdout, stderr } = spawnSync(executable, [...flags, file], {
      cwd,
      encoding: "utf8",
      timeout: 60_000,
    });
    if (status !== 0 || stderr.replace(greeting, "") !== "")
      throw new Error(`${file} ended with ${status}, and said: ${stderr}`);
    return stdout.trim().split("\n").at(-1);
  });

const both = (line: string) => [line, line];

test.each(runtimes)("all entries run from both kinds of modules, without a warning: $name", (runtime) => {
  const files = project.writeBoth("entries", ...allEntries, ["cpu"]);
  expect(lastLines(runtime, files)).toEqual(
    both('[true,"<svg",["readHdf5","an HDF5 file"],true,["crossValidate","a Redis server that answers"],[2]]'),
  );
});

test.each(runtimes)("a missing optional peer is named by an LtrnnError: $name", (runtime) => {
  const [imports, program] = missingPeers,
    files = project.writeBoth("peers", imports, program);
  for (const file of files) cpSync(join(project.folder, file), join(project.bare, file));
  expect(lastLines(runtime, files, project.bare)).toEqual(
    both(
      '[["toSvg",true,true],["readHdf5",true,true],["bullmqWorker",true,true],["ltrnn/tfjs",true,true],' +
        '["bullmqExecutor",true,true]]',
    ),
  );
});

test("a page by Vite builds without a warning", async () => {
  const warnings: string[] = [],
    logger = createLogger("warn");
  logger.warn = logger.warnOnce = logger.error = (text) => warnings.push(text);
  project.write("index.html", '<script type="module" src="/page.js"></script>');
  project.write(
    "page.js",
    'import { cpAls, train } from "ltrnn"; import { readNwb } from "ltrnn/hdf5"; console.log(cpAls, train, readNwb);',
  );
  await viteBuild({
    root: project.folder,
    configFile: false,
    customLogger: logger,
    build: { chunkSizeWarningLimit: 1e5 },
  });
  expect(warnings).toEqual([]);
  expect(readdirSync(join(project.folder, "dist"))).toContain("index.html");
});

test.each(runtimes)("both entries run from both kinds of modules, with the user's own tfjs: $name", (runtime) => {
  const files = project.writeBoth(
    "use",
    { ltrnn: ["tensor", "unfold"], "ltrnn/tfjs": ["fromTfjs", "toTfjs"] },
    `
const x = tensor([2, 3], [1, 2, 3, 4, 5, 6]), y = toTfjs(x), z = tf.matMul(y, tf.transpose(y));
fromTfjs(z).then(({ shape, data }) =>
  console.log(JSON.stringify([shape, Array.from(data), unfold(x, 1).shape, tf.getBackend()])));`,
    ["cpu"],
  );
  expect(lastLines(runtime, files)).toEqual(both('[[2,2],[14,32,32,77],[3,2],"cpu"]'));
});

test.each(runtimes)("errors of either entry are instances of the one LtrnnError: $name", (runtime) => {
  const files = project.writeBoth(
    "errors",
    { ltrnn: ["LtrnnError", "unfold"], "ltrnn/tfjs": ["toTfjs"] },
    `
const caught = [() => toTfjs(3), () => unfold(3, 0)].map((call) => {
  try { call(); } catch (error) { return [error instanceof LtrnnError, error.where]; }
});
console.log(JSON.stringify(caught));`,
  );
  expect(lastLines(runtime, files)).toEqual(both('[[true,"toTfjs"],[true,"unfold"]]'));
});

test.each(runtimes)(
  "networks, losses and heads train, from both kinds of modules: $name",
  (runtime) => {
    const files = project.writeBoth(
      "learn",
      {
        ltrnn: ["FullRankRNN", "adam", "fitLowTensorRank", "last", "networkObjective", "train", "zeros"],
        "ltrnn/tfjs": ["linear", "networkOp", "tfjsHead", "tfjsLoss", "variablesOf"],
      },
      learn,
      ["cpu", "wasm"],
    );
    expect(lastLines(runtime, files)).toEqual(both('[["cpu",true,true,"c,gain"],["wasm",true,true,"c,gain"]]'));
  },
  120_000,
);

test.each(runtimes)(
  "training and fitting run on two threads, and leave no process behind: $name",
  (runtime) => {
    const files = project.writeBoth(
      "threads",
      { ltrnn: ["FullRankRNN", "fitLowTensorRank", "last", "networkObjective", "train", "zeros"] },
      threaded,
    );
    expect(lastLines(runtime, files)).toEqual(both('[true,"converged","running"]'));
  },
  120_000,
);
