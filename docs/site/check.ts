import { readFileSync, readdirSync, existsSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, relative, resolve } from "node:path";
import { inflateSync } from "node:zlib";
import { type DeclarationReflection, type ProjectReflection, ReflectionKind } from "typedoc";

/** What a reader looks for, and the pages that must be among the first answers. */
const searches: Readonly<Record<string, readonly string[]>> = {
  resume: ["documents/save-resume-share.html"],
  save: ["documents/save-resume-share.html"],
  plot: ["documents/figures.html"],
  NaN: ["documents/conventions.html"],
  "spike counts": ["documents/counts.html"],
};

/** Functions without an example, and parameters without a name. */
export function problemsOfReference(project: ProjectReflection): string[] {
  const problems: string[] = [];
  const visit = (reflection: DeclarationReflection, path: string) => {
    const name = path === "" ? reflection.name : `${path}.${reflection.name}`;
    for (const signature of reflection.signatures ?? []) {
      for (const parameter of signature.parameters ?? [])
        if (parameter.name.startsWith("__")) problems.push(`${name}: a parameter has no name; say it by @param`);
      const shown = signature.comment?.blockTags.some(({ tag }) => tag === "@example") ?? false;
      if (reflection.kind === ReflectionKind.Function && !shown) problems.push(`${name}: no @example`);
    }
    for (const child of reflection.children ?? []) visit(child, name);
  };
  for (const entry of project.children ?? []) for (const child of entry.children ?? []) visit(child, entry.name);
  return problems;
}

const filesIn = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, encoding: "utf8" })
    .map((file) => join(folder, file))
    .filter((file) => statSync(file).isFile());

const entities: Readonly<Record<string, string>> = {
  "&amp;": "&",
  "&quot;": '"',
  "&#39;": "'",
  "&lt;": "<",
  "&gt;": ">",
};
const plain = (text: string) => text.replace(/&(?:amp|quot|#39|lt|gt);/g, (entity) => entities[entity]);

/** Relative links of pages that lead to no file, or to no place in it; and pages that do not declare UTF-8. */
export function problemsOfPages(folder: string): string[] {
  const files = filesIn(folder),
    pages = files.filter((file) => file.endsWith(".html")),
    problems: string[] = [];
  const text = new Map(pages.map((page) => [page, readFileSync(page, "utf8")]));
  const places = new Map(
    [...text].map(([page, html]) => [page, new Set([...html.matchAll(/\sid="([^"]*)"/g)].map(([, id]) => plain(id)))]),
  );
  for (const [page, html] of text) {
    const name = relative(folder, page);
    if (!/<meta charset="utf-8"/i.test(html.slice(0, 1024))) problems.push(`${name}: declares no UTF-8`);
    for (const [, link] of html.matchAll(/\s(?:href|src)="([^"]*)"/g)) {
      const [target, anchor = ""] = plain(link).split("#");
      if (/^[a-z]+:|^\/\//i.test(target)) continue;
      const file = target === "" ? page : resolve(dirname(page), decodeURIComponent(target.replace(/\?.*$/, "")));
      if (!existsSync(file)) problems.push(`${name}: ${link} leads nowhere`);
      else if (anchor !== "" && places.has(file) && !places.get(file)?.has(decodeURIComponent(anchor)))
        problems.push(`${name}: ${link} leads to no place in the page`);
    }
  }
  // a server sends these as they are, and a browser may guess their encoding wrong
  for (const file of files) if (file.endsWith(".md")) problems.push(`${relative(folder, file)}: is no page`);
  return problems;
}

interface Row {
  readonly name: string;
  readonly url: string;
}

/** The search of the site, as its page does it. @returns the first ten answers' addresses */
export function searchOf(folder: string): (query: string) => string[] {
  const data = /^window\.searchData = "(.*)";$/s.exec(readFileSync(join(folder, "assets/search.js"), "utf8"))?.[1];
  if (data === undefined) throw new Error("assets/search.js: expected the index of the search");
  const { rows, index: stored } = JSON.parse(inflateSync(Buffer.from(data, "base64")).toString("utf8")) as {
    rows: Row[];
    index: object;
  };
  const lunr = createRequire(import.meta.resolve("typedoc"))("lunr") as {
    Index: { load(stored: object): { search(query: string): { ref: string; score: number }[] } };
  };
  const index = lunr.Index.load(stored);
  return (query) => {
    const found = index.search(
      query
        .split(" ")
        .map((word) => `*${word}*`)
        .join(" "),
    );
    const scored = found.map(({ ref, score }) => {
      const row = rows[Number(ref)],
        starts = row.name.toLowerCase().startsWith(query.toLowerCase());
      return { url: row.url, score: starts ? (score * 10) / (1 + Math.abs(row.name.length - query.length)) : score };
    });
    return scored
      .sort((a, b) => b.score - a.score)
      .slice(0, 10)
      .map(({ url }) => url);
  };
}

/** All that is wrong with a built site. */
export function problemsOfSite(folder: string): string[] {
  const search = searchOf(folder);
  const missed = Object.entries(searches).flatMap(([query, pages]) => {
    const found = search(query);
    return pages
      .filter((page) => !found.includes(page))
      .map((page) => `search for "${query}": expected ${page} among the first ten answers, got ${found.join(", ")}`);
  });
  return [...problemsOfPages(folder), ...missed];
}
