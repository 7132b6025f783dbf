import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { drawFloors } from "../support/drawing";
import { cycles, filesIn, importsIn, importsOf, outOfOrder, type Import } from "../support/imports";
import { workAtModuleScope } from "../support/module-scope";

const root = fileURLToPath(new URL("../../", import.meta.url)),
  src = `${root}src`;
/** The architecture, from the ground up: a room imports only from floors below its own. */
const floors = [
  "base",
  "tensor",
  "linalg",
  "kernels optim data threads preprocess",
  "masks factored models",
  "scores losses",
  "baselines run tasks decompose parts",
  "theory train analysis gcp ragged slices sparse coupled",
  "fit rules rivals",
  "uncertainty select",
  "figures tfjs hdf5",
  "vega node",
  "bullmq",
  "cli",
];
const floorOf = (room: string) => floors.findIndex((rooms) => rooms.split(" ").includes(room));
const doors: Record<string, string> = {
  "ml-matrix": "linalg",
  fflate: "data",
  h5wasm: "hdf5",
  "@tensorflow/tfjs-core": "tfjs",
  vega: "vega",
  tinypool: "node",
  bullmq: "bullmq",
  "vega-lite": "vega",
  "@tensorflow/tfjs-core/dist/register_all_gradients": "tfjs",
};

/** Rooms in entries of their own, which run in Node alone. */
const nodeRooms = ["node", "bullmq", "cli"];

/** What is wrong with an import, or undefined. */
function trouble({ from, to, path, typeOnly }: Import): string | undefined {
  if (!path.startsWith("."))
    return (path.startsWith("node:") && nodeRooms.includes(from)) || doors[path] === from
      ? undefined
      : `${path} is no package of room ${from}`;
  if (from === "" || from === to) return undefined; // index.ts, the public door, and neighbors
  if (floorOf(from) < 0 || floorOf(to) < 0) return `${from} or ${to} is on no floor`;
  if (floorOf(to) >= floorOf(from)) return `${from} imports ${to}, which is not below it`;
  if (!/^\.\.\/[a-z0-9]+$/.test(path)) return `${path} goes past the door of ${to}`;
  if (from === "figures" && !typeOnly && to !== "base" && to !== "tensor")
    return `figures imports more than types from ${to}`;
  return undefined;
}

const imports = importsOf(src);
test.each(imports)("$file → $path goes down, through a door", (one) => expect(trouble(one)).toBeUndefined());

test(
  "every room is on a floor, has a door that opens with its sentence, " +
    "and is named by the public door in floor order",
  () => {
    const rooms = readdirSync(src, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => name);
    expect(rooms.sort()).toEqual(floors.join(" ").split(" ").sort());
    for (const room of rooms) expect(sentenceOf(room), room).toMatch(/^[A-Za-z].+\.$/);
    const named = [...readFileSync(`${src}/index.ts`, "utf8").matchAll(/from "\.\/([a-z]+)"/g)].map(([, room]) =>
      floorOf(room),
    );
    expect(named).toEqual([...named].sort((a, b) => a - b));
  },
);

/** What the door of a room says about it. */
function sentenceOf(room: string): string {
  const door = readFileSync(`${src}/${room}/index.ts`, "utf8");
  return new RegExp(`^/\\*\\* ${room}: (.+) \\*/`).exec(door)?.[1] ?? "";
}

test("docs/architecture.md draws the floors, the rooms on them, and the sentence of each room", () => {
  const page = `${root}docs/architecture.md`,
    drawn = /(?<=```text\n)[\s\S]*?(?=```)/,
    drawing = `${drawFloors(floors, sentenceOf)}\n`;
  if (process.env.LTRNN_DRAW) writeFileSync(page, readFileSync(page, "utf8").replace(drawn, drawing));
  expect(drawn.exec(readFileSync(page, "utf8"))?.[0], "LTRNN_DRAW=1 npm run floors draws it anew").toBe(drawing);
});

test(
  "the door of a room of more than ten files names them from the ground " +
    "up: a file needs none that is named after it",
  () => {
    const rooms = floors.join(" ").split(" ");
    const large = rooms.filter(
      (room) => filesIn(`${src}/${room}`, ".ts").filter((file) => !file.includes("/")).length > 10,
    );
    const trouble = large.flatMap((room) =>
      outOfOrder(imports, room, readFileSync(`${src}/${room}/index.ts`, "utf8")).map((text) => `${room}: ${text}`),
    );
    expect(trouble).toEqual([]);
  },
);

test("loading a module computes nothing, so that a bundle holds what is used alone", () => {
  for (const file of filesIn(src, ".ts").filter((name) => !name.startsWith("kernels/assembly/")))
    expect(workAtModuleScope(file, readFileSync(`${src}/${file}`, "utf8")), file).toEqual([]);
  const wrong = [
    "const a = f(1);",
    "const a = { ...b };",
    "const a = [...b];",
    "const a = { x: b.x };",
    "const a = b[0];",
  ];
  for (const text of wrong) expect(workAtModuleScope("a.ts", text), text).toHaveLength(1);
  const right = [
    "const a = () => f({ ...b });",
    "const a = /* @__PURE__ */ f(1);",
    "const a = Math.PI / 2, b = new Map();",
  ];
  for (const text of right) expect(workAtModuleScope("a.ts", text), text).toEqual([]);
});

test("no file reaches itself through its imports, and none is long", () => {
  const files = filesIn(src, ".ts");
  expect(cycles(imports, files)).toEqual([]);
  // the public door is a table of contents, one name a line
  for (const file of files.filter((name) => name !== "index.ts"))
    expect(readFileSync(`${src}/${file}`, "utf8").split("\n").length, file).toBeLessThanOrEqual(201);
});

test("the checker can fail", () => {
  const of = (file: string, text: string) => importsIn(file, text).map(trouble);
  expect(of("tensor/x.ts", 'import { train } from "../train";')).toEqual([
    "tensor imports train, which is not below it",
  ]);
  expect(of("optim/x.ts", 'import {\n  scan,\n} from "../kernels";')).toEqual([
    "optim imports kernels, which is not below it",
  ]);
  expect(of("figures/x.ts", 'import { train, type Snapshot } from "../train";')).toEqual([
    "figures imports more than types from train",
  ]);
  expect(of("figures/x.ts", 'import { fail } from "../base";')).toEqual([undefined]);
  expect(
    of("figures/x.ts", 'import type { Matrix } from "../tensor";\nimport { type Cp } from "../decompose";'),
  ).toEqual([undefined, undefined]);
  expect(of("fit/x.ts", 'import { SVD } from "ml-matrix";')).toEqual(["ml-matrix is no package of room fit"]);
  expect(of("fit/x.ts", 'import { x } from "../linalg/svd";')).toEqual(["../linalg/svd goes past the door of linalg"]);
  expect(of("fit/x.ts", 'export * from "../figures";')).toEqual(["fit imports figures, which is not below it"]);
  const steps = importsIn("fit/loop.ts", 'import { start } from "./inner";').concat(
    importsIn("fit/inner.ts", 'import { part } from "./part";'),
  );
  const door = (...names: string[]) => names.map((name) => `export { x } from "./${name}";`).join("\n");
  expect(outOfOrder(steps, "fit", door("part", "loop"))).toEqual([]);
  expect(outOfOrder(steps, "fit", door("loop", "part"))).toEqual(["loop needs part, which is named after it"]);
  const loop = [
    ...importsIn("base/a.ts", 'import { b } from "./b";'),
    ...importsIn("base/b.ts", 'import { a } from "./a";'),
  ];
  expect(cycles(loop, ["base/a.ts", "base/b.ts"])).toEqual(["base/a.ts", "base/b.ts"]);
});

test("no file of the project names a place on a machine, or a registry", () => {
  const tracked = existsSync(`${root}.git`)
    ? execFileSync("git", ["ls-files", "-z"], { cwd: root, encoding: "utf8" }).split("\0").filter(Boolean)
    : filesIn(root, ".ts").filter((file) => !file.startsWith("node_modules"));
  const banned = new RegExp(
    [
      /(?:^|[\s"'`(=])\/(?:home|work|root|Users|tmp)\//,
      /https?:\/\/(?:registry|[^/\s"]*(?:artifactory|nexus|verdaccio))/,
      /localhost:\d/,
    ]
      .map(({ source }) => source)
      .join("|"),
    "m",
  );
  for (const file of tracked.filter(
    (name) => !/^test\/oracles\/|architecture\.test\.ts$/.test(name) && existsSync(root + name),
  ))
    expect(banned.exec(readFileSync(root + file, "utf8"))?.[0], file).toBeUndefined();
});
