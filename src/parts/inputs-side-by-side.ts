import { concat, zeros, type Matrix, type Params, type Tensor3 } from "../tensor";
import type { ChangingInputs, InputModel } from "./input-model";
import { pick } from "./part";
import { prefixNames, withoutPrefix } from "./prefixed";

/**
 * Several models of inputs in one network: the inputs of the first, then those of the second, and so on.
 *
 * @param prefixes - of the names of each one's parameters, so that no two have one name
 */
export function inputsSideBySide(models: readonly InputModel[], prefixes: readonly string[]): InputModel {
  const counts = models.map(({ inputs }) => inputs),
    firsts = counts.map((_, i) => counts.slice(0, i).reduce((sum, count) => sum + count, 0)),
    inputs = counts.reduce((sum, count) => sum + count, 0),
    names = models.map((model) => Object.keys(model.start(0))),
    own = (params: Params, i: number) => pick(withoutPrefix(params, prefixes[i]), names[i]),
    joined = (records: readonly Params[]): Params =>
      Object.assign({}, ...records.map((record, i) => prefixNames(record, prefixes[i])));
  const part = (params: Params) => {
    const made = models.map((model, i) => model(own(params, i))),
      every = concat(
        made.map(([value]) => value),
        2,
      ) as Tensor3;
    const adjoint = (dEvery: Tensor3): Params =>
      joined(made.map(([, back], i) => back(inputsFrom(dEvery, firsts[i], counts[i]))));
    return [every, adjoint] as const;
  };
  const sumOf = (key: "prior" | "penalty") => {
    if (!models.some((model) => model[key])) return {};
    const total = (params: Params): readonly [number, Params] => {
      const each = models.map((model, i) => model[key]?.(own(params, i)) ?? ([0, {}] as const));
      return [each.reduce((sum, [value]) => sum + value, 0), joined(each.map(([, gradient]) => gradient))];
    };
    return { [key]: total };
  };
  const sized = models.flatMap((model) => model.sized ?? new Array<boolean>(model.inputs).fill(false));
  return Object.assign(part, {
    description: { kind: "inputsSideBySide", inputs, parts: models.map(({ description }) => description) },
    inputs,
    start: (seed: number) => joined(models.map((model) => model.start(seed))),
    ...(sized.includes(true) ? { sized } : {}),
    ...flexibleOf(models, firsts, prefixes),
    ...changingOf(models, firsts, own),
    ...sumOf("prior"),
    ...sumOf("penalty"),
  });
}

/** The first model whose inputs are flexible makes the means. */
function flexibleOf(models: readonly InputModel[], firsts: readonly number[], prefixes: readonly string[]) {
  const i = models.findIndex(({ flexible }) => flexible),
    flexible = models[i]?.flexible;
  if (!flexible) return {};
  const { first, count, near } = flexible;
  return {
    flexible: {
      first: firsts[i] + first,
      count,
      near: (wanted: Tensor3): Params => prefixNames(near(wanted), prefixes[i]),
    },
  };
}

/** The factors of all inputs that change, one after the other. */
function changingOf(
  models: readonly InputModel[],
  firsts: readonly number[],
  own: (params: Params, i: number) => Params,
) {
  if (!models.some(({ changing }) => changing)) return {};
  const changing = (params: Params): ChangingInputs => {
    const each = models.flatMap((model, i) => model.changing?.(own(params, i)) ?? []),
      columns = models.flatMap((model, i) => model.changing?.(own(params, i)).columns.map((r) => firsts[i] + r) ?? []);
    return {
      columns,
      d: concat(
        each.map(({ d }) => d),
        1,
      ) as Matrix,
      v: concat(
        each.map(({ v }) => v),
        2,
      ) as Tensor3,
    };
  };
  return { changing };
}

/** Some of the inputs, one after the other. */
function inputsFrom({ shape: [trials, time, inputs], data }: Tensor3, first: number, count: number): Tensor3 {
  const some = zeros([trials, time, count]);
  for (let row = 0; row < trials * time; row++)
    some.data.set(data.subarray(row * inputs + first, row * inputs + first + count), row * count);
  return some;
}
