import { expect, test } from "vitest";
import { compareHypotheses, hypotheses, winnerOf } from "../../bench/planted-changes";

test.each(hypotheses)(
  "three calls tell what changes over trials: %s",
  async (changes) => {
    const sizes = { trials: 60, bins: 12, units: 12, conditions: 4, rank: 2 },
      scores = await compareHypotheses(sizes, changes, 2);
    expect(winnerOf(scores), JSON.stringify(scores)).toBe(changes);
    expect(scores[changes]).toBeGreaterThan(0.97);
  },
  60_000,
);
