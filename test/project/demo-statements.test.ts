import { expect, test } from "vitest";
import {
  baselineNote,
  beatsChance,
  consistencyText,
  decompositionTitle,
  edgeNote,
  fitTitle,
  lateralNote,
  supportedRank,
  trainingNote,
} from "../../examples/demo/statements";

test("a choice at an edge that could be wider is called so, at both ends and in any order", () => {
  expect(edgeNote(6, [2, 3, 6])).toContain("Rank 6 is the largest that was tried, an edge of the grid");
  expect(edgeNote(2, [6, 3, 2])).toContain("Rank 2 is the smallest that was tried, an edge of the grid");
  expect(edgeNote(3, [2, 3, 6])).toBe("");
  expect(edgeNote(1, [1, 2])).toBe("");
  expect(edgeNote(2, [2])).toBe("");
});

test("components are drawn at the last rank before core consistency fails", () => {
  const rows = (...values: number[]) => values.map((consistency, k) => ({ rank: k + 1, consistency }));
  expect(supportedRank(rows(100, 99, 91, 40, 95))).toBe(3);
  expect(supportedRank(rows(100, 99, 91, 90))).toBe(4);
  expect(supportedRank(rows(100, 89.9, 99))).toBe(1);
  expect(supportedRank(rows(100, NaN))).toBe(1);
  expect(supportedRank(rows(100, 97, -300).reverse())).toBe(2);
});

test("core consistency is printed where it means something", () => {
  expect([consistencyText(1, 100), consistencyText(2, 87.6), consistencyText(3, -4e3)]).toEqual(["-", "88", "below 0"]);
});

test("weight changes are of lower rank only where they beat every null", () => {
  expect(decompositionTitle(0.9, [0.2, 0.89])).toContain("lower rank");
  expect(decompositionTitle(0.89, [0.2, 0.89])).not.toContain("lower rank");
});

test("spaces are claimed where they beat chance, and not elsewhere", () => {
  expect([beatsChance(10, 200), beatsChance(11, 200)]).toEqual([true, false]);
  const rows = (...nearer: boolean[]) => nearer.map((near, k) => ({ name: `space ${k}`, nearer: near }));
  expect(fitTitle(rows(true, true))).toMatch(/finds spaces of the weights$/);
  expect(fitTitle(rows(true, false))).toMatch(/finds 1 of 2 spaces/);
  expect(fitTitle(rows(false, false))).not.toContain("finds");
});

test("a fit is above the means only where its number is", () => {
  expect(baselineNote(0.9, [0.8, 0.85])).toContain("explains more than both");
  expect(baselineNote(0.85, [0.8, 0.85])).toContain("no more than");
});

test("what training did is said by the losses", () => {
  expect(trainingNote(1, 0.01)).toContain("They learned it: the loss fell from 1.0 to 0.010.");
  expect(trainingNote(1, 0.5)).toContain("a part of it");
  expect(trainingNote(1, 1)).toContain("did not learn");
});

test("each sentence about the field follows from the lateral errors, beyond what trials before it differ by", () => {
  const usual = {
    ...{ baseline: [0.012, 0.005, 0.01], before: 0.01, fieldFirst: -0.2 },
    ...{ fieldLast: -0.05, washoutFirst: 0.15, washoutLast: 0.02 },
  };
  const note = lateralNote(usual);
  for (const part of ["to the right", "nearer to where it was", "other side, the left", "error is smaller"])
    expect(note).toContain(part);
  expect(lateralNote({ ...usual, fieldFirst: 0.2 })).toContain("moves the hand to the left");
  expect(lateralNote({ ...usual, fieldLast: -0.3 })).not.toContain("nearer");
  expect(lateralNote({ ...usual, washoutFirst: -0.15 })).not.toContain("other side");
  expect(lateralNote({ ...usual, washoutLast: 0.3 })).not.toContain("smaller");
  // the margin is 0.014 here: twice 0.012 - 0.005
  expect(lateralNote({ ...usual, fieldFirst: 0.023 })).toBe(
    "At peak speed. On its first trial the field moves the hand no farther than trials before it differ.",
  );
  expect(lateralNote({ ...usual, fieldFirst: 0.025 })).toContain("moves the hand to the left");
  expect(lateralNote({ ...usual, fieldLast: -0.19 })).not.toContain("nearer");
  expect(lateralNote({ ...usual, washoutFirst: 0.02 })).not.toContain("other side");
  expect(lateralNote({ ...usual, washoutLast: 0.14 })).not.toContain("smaller");
});
