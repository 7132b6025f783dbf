import { numbersFromJson } from "../../../src/data";
import { cpFromArrays, cpToArrays } from "../../../src/factored";
import { FullRankRNN, LowRankRNN, LowTensorRankRNN, modelFromJson, type ModelJson } from "../../../src/models";
import { tensor } from "../../../src/tensor";
import type { Draw } from "../sweep";
import type { Reader } from "./damage";
import { mutatedRecord, mutatedText } from "./mutate";

const pick = <T>(draw: Draw, items: readonly T[]): T => items[draw.int(0, items.length - 1)];

/** Models of every class: a model that is made has the numbers that its JSON had. */
export function modelReader(): Reader {
  const spec = { units: 3, inputs: 2, outputs: 1 };
  const models = [
    FullRankRNN.random(spec, 1),
    LowRankRNN.random({ ...spec, rank: 2 }, 2),
    LowTensorRankRNN.random({ ...spec, rank: 2, trials: 4 }, 3),
  ];
  const records = models.map((model) => JSON.parse(JSON.stringify(model)) as unknown);
  return {
    name: "modelFromJson",
    damaged: (draw) => {
      const record = pick(draw, records);
      const json =
        draw.int(0, 2) > 0 ? mutatedRecord(record, draw) : (parsed(mutatedText(JSON.stringify(record), draw)) ?? null);
      return {
        read: () => modelFromJson(json as ModelJson).toJSON(),
        wrong: (model: ModelJson) => {
          const given = json as ModelJson;
          if (model.kind !== given.kind) return `kind ${given.kind} became ${model.kind}`;
          for (const [name, value] of Object.entries(given.params)) {
            if (value === undefined) continue;
            const made = model.params[name];
            if (made === undefined) return `${name} was left out`;
            const [before, after] = [value, made].map(({ data }) => numbersFromJson("test", name, data));
            if (made.shape.join() !== value.shape.join() || before.some((number, i) => !Object.is(number, after[i])))
              return `${name} changed`;
          }
          for (const [name, value] of Object.entries(given.setting ?? {}))
            if (value !== undefined && (model.setting as unknown as Record<string, unknown>)[name] !== value)
              return `setting ${name} ${String(value)} changed`;
          return undefined;
        },
      };
    },
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Arrays of a CP in either layout: a CP that is made has every array that was given, and no more. */
export function cpReader(): Reader {
  const cp = {
    weights: tensor([2], [3, 0.5]),
    factors: [
      tensor([3, 2], [1, 2, 3, 4, 5, 6]),
      tensor([4, 2], [1, 2, 3, 4, 5, 6, 7, 8]),
      tensor([2, 2], [1, 0, 0, 1]),
    ],
  };
  const records = [cpToArrays(cp, "tensorly"), cpToArrays(cp, "tensortools")];
  return {
    name: "cpFromArrays",
    damaged: (draw) => {
      const arrays = mutatedRecord(pick(draw, records), draw) as (typeof records)[number];
      return {
        read: () => cpFromArrays(arrays),
        wrong: (made: typeof cp) => {
          const list = Object.values(arrays).filter((array) => array !== undefined);
          const weighted = list.length === made.factors.length + 1;
          if (!weighted && list.length !== made.factors.length)
            return `${list.length} arrays for ${made.factors.length} factors`;
          const all = weighted ? [made.weights, ...made.factors] : made.factors;
          const at = all.findIndex(
            (array, i) =>
              array.shape.join() !== arrays[`arr_${i}`].shape.join() ||
              array.data.some((v, k) => !Object.is(v, arrays[`arr_${i}`].data[k])),
          );
          if (at >= 0) return `array ${at} changed`;
          return all.every(({ data }) => data.every(Number.isFinite)) ? undefined : "numbers that are not finite";
        },
      };
    },
  };
}
