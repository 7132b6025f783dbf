/**
 * The documentation as one site in docs/api: `npm run docs`. Draws the figures of the guides, lets TypeDoc make pages
 * of guides and doc comments, and then checks what came out: snippets under the strictest types, links,
 * search, examples, names, encoding.
 */
import { cpSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { Application, OptionDefaults } from "typedoc";
import { drawFigures } from "./figures";
import { sections } from "./guides";
import { mathematics } from "./mathematics";
import { readmeOfSite } from "./readme-of-site";
import { roomsAndGuides, rooms } from "./rooms";
import { problemsOfSnippets } from "./snippets";
import { problemsOfReference, problemsOfSite } from "./check";

const path = (relative: string) => fileURLToPath(new URL(`../../${relative}`, import.meta.url));
const out = process.argv[2] ?? path("docs/api");
const entries = ["index", "tfjs/index", "node/index", "bullmq/index", "vega/index", "hdf5/index"];
const guides = Object.values(sections).flat();
const unlisted = readdirSync(path("docs")).filter((file) => file.endsWith(".md") && !guides.includes(file));

await drawFigures(path("docs/figures"));
// beside README.md, so that its links lead where they say
const readme = path(".readme-of-site.md");
writeFileSync(readme, readmeOfSite(readFileSync(path("README.md"), "utf8")));
process.on("exit", () => rmSync(readme, { force: true }));
const app = await Application.bootstrapWithPlugins({
  name: "ltrnn",
  tsconfig: path("docs/site/tsconfig.json"),
  entryPoints: entries.map((entry) => path(`src/${entry}.ts`)),
  readme,
  projectDocuments: [
    ...[...guides, ...unlisted].map((file) => path(`docs/${file}`)),
    ...readdirSync(path("docs/decisions")).map((file) => path(`docs/decisions/${file}`)),
    path("CHANGELOG.md"),
  ],
  plugin: [roomsAndGuides],
  markdownItLoader: mathematics,
  customCss: path("docs/site/site.css"),
  highlightLanguages: [...OptionDefaults.highlightLanguages, "python"],
  jsDocCompatibility: { ignoreUnescapedBraces: true }, // of TeX
  searchInComments: true,
  searchInDocuments: true,
  searchCategoryBoosts: Object.fromEntries(Object.keys(sections).map((section) => [section, 10])), // guides first
  categorizeByGroup: false,
  categoryOrder: [...Object.keys(sections), "More guides", "Reference", ...rooms(), "*", "Decisions", "About"],
  navigation: { includeCategories: true, includeGroups: false, includeFolders: false },
  includeHierarchySummary: false,
  sort: ["source-order"],
  treatWarningsAsErrors: true,
  intentionallyNotExported: [
    "steppers",
    "Evaluate",
    "Energy",
    "Kernels",
    "Kinds",
    "kernelNames",
    "axisNames",
    "activations",
    "links",
    "table",
    "innovationNames",
    "TuckerMomentum",
  ],
  disableSources: true,
  disableGit: true,
  githubPages: false,
});
const project = await app.convert();
if (project === undefined) process.exit(1);
app.validate(project);
rmSync(out, { recursive: true, force: true });
await app.generateDocs(project, out);
if (app.logger.hasErrors() || app.logger.hasWarnings()) process.exit(1);

mkdirSync(`${out}/assets/katex/fonts`, { recursive: true });
const katex = fileURLToPath(new URL("./", import.meta.resolve("katex")));
cpSync(`${katex}katex.min.css`, `${out}/assets/katex/katex.min.css`);
cpSync(`${katex}fonts`, `${out}/assets/katex/fonts`, {
  recursive: true,
  filter: (file) => !/\.(ttf|woff)$/.test(file),
});

const problems = [...problemsOfSnippets(), ...problemsOfReference(project), ...problemsOfSite(out)];
for (const problem of problems) console.error(problem);
console.log(problems.length === 0 ? `The site is in ${out}, and every check holds.` : `${problems.length} problems.`);
process.exit(problems.length === 0 ? 0 : 1);
