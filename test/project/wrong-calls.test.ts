import { expect, test } from "vitest";
import { wrongCalls } from "../support/wrong-calls/wrong-calls";

test("every export refuses wrong arguments in its own name: a tenth of what npm run wrong-calls makes", async () => {
  const { counts, faults } = await wrongCalls({ every: 10, limit: 30_000 });
  const shown = faults.map(({ name, place, junk, fault, text }) => `${name}, ${place} <- ${junk}: ${fault}, ${text}`);
  // eight gigabytes are a right call
  expect(shown.filter((line) => !line.startsWith("zeros, shape[0] <- 1000000000"))).toEqual([]);
  expect(counts.calls).toBeGreaterThan(6000);
  expect(counts.refused).toBeGreaterThan(5500);
}, 240_000);
