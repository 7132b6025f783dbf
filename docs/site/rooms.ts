import { readFileSync } from "node:fs";
import { basename } from "node:path";
import {
  Comment,
  CommentTag,
  Converter,
  type DeclarationReflection,
  type DocumentReflection,
  IndexEvent,
  JSX,
  PageEvent,
  RendererEvent,
  type Application,
  type ProjectReflection,
} from "typedoc";
import { sections } from "./guides";

const root = new URL("../../", import.meta.url);
const read = (path: string) => readFileSync(new URL(path, root), "utf8");

/** The rooms in the order of src/index.ts, so from the lowest floor upwards. */
export const rooms = (): string[] => [
  ...new Set([...read("src/index.ts").matchAll(/from "\.\/([a-z]+)"/g)].map(([, room]) => room)),
];

/** What a room is for: the first sentence of its door. */
export const sentenceOf = (room: string): string =>
  /^\/\*\*\s*(?:[a-z0-9]+: )?([\s\S]*?)\s*\*\//.exec(read(`src/${room}/index.ts`))?.[1].replace(/\s*\n \* ?/g, " ") ??
  "";

const tag = (name: `@${string}`, text: string) => new CommentTag(name, [{ kind: "text", text }]);
const categorize = (reflection: DeclarationReflection, room: string) => {
  reflection.comment ??= new Comment();
  reflection.comment.blockTags.push(tag("@category", room));
};

/** Names of the main entry in comments of another one become links. */
const linkTo = (main: DeclarationReflection | undefined, child: DeclarationReflection): void => {
  for (const { comment } of [child, ...(child.signatures ?? []), ...(child.children ?? [])])
    for (const part of [...(comment?.summary ?? []), ...(comment?.blockTags.flatMap(({ content }) => content) ?? [])])
      if (part.kind === "inline-tag")
        part.target = main?.children?.find(({ name }) => name === part.text.trim()) ?? part.target;
};

/** The heading of a guide. */
const titleOf = (guide: DocumentReflection): string => {
  const title = /^# (.+)$/m.exec(guide.content.map(({ text }) => text).join(""))?.[1];
  if (title === undefined) throw new Error(`${guide.name}.md: expected a heading, "# Title", on its first line`);
  return title;
};

/**
 * A plugin of TypeDoc. Guides get their section, and the title they carry; every export gets its room as category, and
 * every room its sentence. Addresses stay those of the files' names.
 */
export function roomsAndGuides(app: Application): void {
  const sectionOf = new Map(
    Object.entries(sections).flatMap(([section, files]) => files.map((file) => [basename(file, ".md"), section])),
  );
  app.converter.on(Converter.EVENT_CREATE_DOCUMENT, (_, guide) => {
    guide.name = basename(guide.name);
  });
  app.converter.on(Converter.EVENT_RESOLVE_BEGIN, ({ project }) => {
    for (const guide of project.documents ?? [])
      guide.frontmatter.category =
        sectionOf.get(guide.name) ??
        (guide.name === "CHANGELOG" ? "About" : /^\d/.test(guide.name) ? "Decisions" : "More guides");
    const main = project.children?.find(({ name }) => /^(index|ltrnn)$/.test(name));
    for (const entry of project.children ?? []) {
      categorize(entry, "Reference");
      if (entry !== main) for (const child of entry.children ?? []) linkTo(main, child);
      const found = new Set<string>();
      for (const child of entry.children ?? []) {
        const file = project.getSymbolIdFromReflection(child)?.packagePath;
        const room = /^src\/([a-z0-9]+)\//.exec(file ?? "")?.[1];
        if (room === undefined) throw new Error(`${child.name}: expected a source in a room, got ${file}`);
        found.add(room);
        categorize(child, room);
      }
      for (const room of found)
        entry.comment?.blockTags.push(tag("@categoryDescription", `${room}\n${sentenceOf(room)}`));
    }
  });
  app.renderer.on(RendererEvent.BEGIN, ({ project }: { project: ProjectReflection }) => {
    for (const guide of project.documents ?? []) guide.name = titleOf(guide);
    for (const entry of project.children ?? []) if (entry.name !== "ltrnn") entry.name = `ltrnn/${entry.name}`;
  });
  // every result has a provenance: one answer of the search is enough, the type's
  app.renderer.on(IndexEvent.PREPARE_INDEX, (event) => {
    for (let i = event.searchResults.length - 1; i >= 0; i--)
      if (event.searchResults[i].name === "provenance") event.removeResult(i);
  });
  app.renderer.hooks.on("head.end", (context) =>
    JSX.createElement("link", { rel: "stylesheet", href: context.relativeURL("assets/katex/katex.min.css") }),
  );
  app.renderer.on(PageEvent.END, (page) => {
    // a guide's own heading is the heading of its page
    if (page.contents?.includes("<h1") === false) throw new Error(`${page.url}: expected a heading`);
  });
}
