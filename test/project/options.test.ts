import { readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { expect, test } from "vitest";
import { filesIn } from "../support/imports";

/** Whether a table is of options: not of a snapshot, which `train` makes and takes back whole. */
const isOfOptions = (type: string) => type.startsWith("FieldsOf<") && type !== "FieldsOf<Snapshot>";

/** The keys of every record of options in a text: of its tables, and of the records within them. */
function recordsIn(text: string): { name: string; keys: number }[] {
  const found: { name: string; keys: number }[] = [];
  const count = (name: string, table: ts.ObjectLiteralExpression): void => {
    found.push({ name, keys: table.properties.length });
    for (const field of table.properties) {
      if (!ts.isPropertyAssignment(field) || !ts.isObjectLiteralExpression(field.initializer)) continue;
      for (const part of field.initializer.properties)
        if (
          ts.isPropertyAssignment(part) &&
          part.name.getText() === "of" &&
          ts.isObjectLiteralExpression(part.initializer)
        )
          count(`${name}.${field.name.getText()}`, part.initializer);
    }
  };
  const source = ts.createSourceFile("options.ts", text, ts.ScriptTarget.ES2022, true);
  for (const statement of source.statements) {
    if (!ts.isVariableStatement(statement)) continue;
    for (const { name, initializer } of statement.declarationList.declarations) {
      if (!initializer || !ts.isSatisfiesExpression(initializer) || !isOfOptions(initializer.type.getText())) continue;
      const table = ts.isAsExpression(initializer.expression)
        ? initializer.expression.expression
        : initializer.expression;
      if (ts.isObjectLiteralExpression(table)) count(name.getText(), table);
    }
  }
  return found;
}

const most = 10;

test("no record of options has more than ten keys", () => {
  const all = filesIn("src", ".ts").flatMap((file) =>
    recordsIn(readFileSync(join("src", file), "utf8")).map((record) => ({ file, ...record })),
  );
  expect(all.length).toBeGreaterThan(80);
  expect(all.filter(({ keys }) => keys > most)).toEqual([]);
});

test("the keys of a table are counted, and those of the records in it", () => {
  const keys = (count: number) => Array.from({ length: count }, (_, i) => `k${i}: { is: "boolean" }`).join(", ");
  const text = `const table = { a: { is: "record", of: { ${keys(11)} } }, ${keys(2)} } as const satisfies FieldsOf<X>;`;
  expect(recordsIn(text)).toEqual([
    { name: "table", keys: 3 },
    { name: "table.a", keys: 11 },
  ]);
});
