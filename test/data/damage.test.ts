import { expect, test } from "vitest";
import { damage } from "../support/damage/damage";
import { jsonReader, matReader, npyReader, npzMemberReader, npzReader } from "../support/damage/file-readers";
import { cpReader, modelReader } from "../support/damage/record-readers";

/** LTRNN_DAMAGE=60000 reads as many as it took to find the faults of version 0.1.0. */
const inputs = Number(process.env.LTRNN_DAMAGE ?? 2000);

test.each([npyReader(), npzReader(), npzMemberReader(), matReader(), jsonReader(), cpReader(), modelReader()])(
  "damaged input is refused by name or read right, whatever the damage: $name",
  (reader) => {
    const { engine, slow, silent, faults, refused, read } = damage(reader, inputs);
    expect(faults).toEqual([]);
    expect({ engine, slow, silent }).toEqual({ engine: 0, slow: 0, silent: 0 });
    expect(refused).toBeGreaterThan(inputs / 10);
    expect(read).toBeGreaterThan(inputs / 1000);
  },
  600_000,
);

test("the judge can fail", () => {
  const reader = (read: () => unknown) => ({ name: "x", damaged: () => ({ read, wrong: () => "changed" }) });
  const broken = () => JSON.parse("{");
  expect(
    damage(
      reader(() => 1),
      3,
    ),
  ).toMatchObject({ silent: 3, read: 0, faults: expect.arrayContaining(["x, seed 1: changed"]) });
  expect(damage(reader(broken), 3)).toMatchObject({ engine: 3, refused: 0 });
});
