import { readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { expect, test } from "vitest";
import { filesIn } from "../support/imports";

type Members = ts.NodeArray<ts.TypeElement>;

interface Optional {
  readonly key: string;
  readonly comment: string;
}

/** Keys of a record that may be left away, with the comment above each. */
const optionalIn = (members: Members): Optional[] =>
  members.flatMap((member) => {
    if (!ts.isPropertySignature(member) || !member.questionToken) return [];
    const comment = member.getFullText().slice(0, member.getLeadingTriviaWidth());
    return [{ key: member.name.getText(), comment }];
  });

/** Records of options: those that a table describes, and those that are called so. */
function optionsIn(texts: ReadonlyMap<string, string>): { name: string; file: string; members: Members }[] {
  const described = new Set<string>();
  for (const text of texts.values()) for (const [, name] of text.matchAll(/FieldsOf<(\w+)/g)) described.add(name);
  return [...texts].flatMap(([file, text]) =>
    ts
      .createSourceFile(file, text, ts.ScriptTarget.ES2022, true)
      .statements.filter(ts.isInterfaceDeclaration)
      .map((declared) => ({ name: declared.name.text, file, members: declared.members }))
      .filter(({ name }) => described.has(name) || name.endsWith("Options")),
  );
}

/** What says where an option is left away: its default, or what its absence means. */
const says = /\bdefaults?\b|\babsent\b/i;

/** Records of results that a function takes back whole: what is not there was not computed. */
const results = new Set(["Snapshot", "ReplicateShown"]);

const unsaid = (texts: ReadonlyMap<string, string>) =>
  optionsIn(texts)
    .filter(({ name }) => !results.has(name))
    .flatMap(({ name, file, members }) =>
      optionalIn(members)
        .filter(({ comment }) => !says.test(comment))
        .map(({ key }) => `${file}: ${name}.${key}`),
    );

test("every option that can be left away says its default where it is described", () => {
  const texts = new Map(filesIn("src", ".ts").map((file) => [file, readFileSync(join("src", file), "utf8")]));
  expect(optionsIn(texts).length).toBeGreaterThan(80);
  expect(unsaid(texts)).toEqual([]);
});

test("an option that says nothing of its default is found", () => {
  const text =
    "interface SomeOptions { /** how many; default 3 */ readonly a?: number; /** how */ readonly b?: number; c: 1 }";
  expect(unsaid(new Map([["x.ts", text]]))).toEqual(["x.ts: SomeOptions.b"]);
});
