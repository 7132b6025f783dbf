import { expect, test } from "vitest";
import { cpTable } from "../../src/decompose";
import { structureOf } from "../../src/select/structure-evidence";
import { draw } from "../support/sweep";

test("runs that are held against each other share no start, however many starts each has", () => {
  const d = draw(1),
    seeds: number[] = [];
  structureOf(d.normal([4, 3, 5]), {
    runs: 4,
    splitMode: 2,
    seed: 7,
    find: ({ shape }, _, seed) => {
      if (shape[2] === 5) seeds.push(seed);
      return {
        weights: d.normal([1]),
        factors: shape.map((size) => d.normal([size, 1])),
        status: "converged",
        relativeError: seed,
        objective: seed,
      };
    },
  });
  expect(seeds).toHaveLength(4);
  expect(seeds[0]).toBe(7);
  // start i of a run has its seed plus i
  for (let run = 1; run < 4; run++) expect(seeds[run] - seeds[run - 1]).toBeGreaterThanOrEqual(cpTable.starts.most);
});
