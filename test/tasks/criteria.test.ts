import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { learn, taskCriteria } from "../../bench/task-criteria";

test("docs/tasks.md has the criterion and the budget of every task, as they are checked", () => {
  const page = readFileSync(new URL("../../docs/tasks.md", import.meta.url), "utf8"),
    shown = page.slice(page.indexOf("## When a task counts as learned")).match(/^\| (?!task |---).+$/gm);
  expect(shown).toEqual(
    taskCriteria.map(
      ({ name, measure, criterion, updates, seconds }) =>
        `| ${name} | ${measure}, at least ${criterion} | ${updates} | ${seconds} |`,
    ),
  );
});

test.each(["flipFlop", "linearTeacher"])(
  "%s is learned within its budget",
  async (name) => {
    const row = taskCriteria.find((one) => one.name === name)!,
      { reached, updates, score } = await learn(row);
    expect(reached, `score ${score} after ${updates} updates`).toBe(true);
    expect(score).toBeGreaterThanOrEqual(row.criterion);
    expect(updates).toBeLessThanOrEqual(row.updates);
  },
  10_000,
);
