import { fail } from "../base";
import { indexOf, type Tensor } from "../tensor";

/** Refuse masks that share an entry: training entries cannot test anything. */
export function checkDisjoint(where: string, masks: Readonly<Record<string, Tensor | undefined>>): void {
  const given = Object.entries(masks).filter((entry): entry is [string, Tensor] => entry[1] !== undefined);
  given.forEach(([name, mask], i) => {
    for (const [other, { data }] of given.slice(0, i)) {
      const shared = mask.data.findIndex((entry, index) => entry !== 0 && data[index] !== 0);
      if (shared >= 0)
        fail(where, {
          expected: `a ${name} mask disjoint from the ${other} mask`,
          got: `1 in both at index [${indexOf(mask.shape, shared).join(", ")}]`,
          fix: "Build both with holdOut.",
        });
    }
  });
}
