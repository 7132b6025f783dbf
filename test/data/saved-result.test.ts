import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { LtrnnError, schema } from "../../src/base";
import { fromJson, loadResult, readNpz, saveResult, toJson, writeNpz } from "../../src/data";
import { cpAls, cpOptionsFrom } from "../../src/decompose";
import { fitLowTensorRank, type LowTensorRankFit } from "../../src/fit";
import { FullRankRNN, LowTensorRankRNN, modelFromJson } from "../../src/models";
import { adam } from "../../src/optim";
import { tensor, type Params, type Tensor } from "../../src/tensor";
import { last, random } from "../../src/base";
import { networkObjective, train, type Snapshot } from "../../src/train";
import { close } from "../support/close";
import { draw } from "../support/sweep";

const saved = (name: string) => readFileSync(new URL(`saved/${name}`, import.meta.url), "utf8");

const activity = tensor([5, 4, 3], Array.from({ length: 60 }, random(1, "activity").normal)),
  options = { network: { units: 2 }, training: { steps: 4, starts: 2 }, seed: 1 };

test("a fit, a decomposition, a model and a snapshot come back from .npz to the bit, as from JSON", async () => {
  const fit = await fitLowTensorRank(activity, 1, options),
    model = FullRankRNN.random({ units: 3, inputs: 1, outputs: 1 }, 1),
    odd = model.with({ params: { bias: tensor([3], [-0, 1e-300, 3]) } }),
    batch = { inputs: draw(1).normal([2, 4, 1]), targets: draw(2).normal([2, 4, 1]) },
    snapshot = await last(train(networkObjective(odd, batch), { w: odd.params.w }, { steps: 3 }));
  const evaluated = { ...snapshot, evaluation: {} };
  const awkward = {
    ...{ record: tensor([1], [1]), "a.b": tensor([2], [NaN, -0]), a: { b: tensor([0, 2], []) } },
    ...{ $: "NaN", lone: Float64Array.of(1, Infinity), text: 'é𝄞 "\0" \ud800', none: undefined, list: [null, [-0]] },
  };
  for (const result of [fit, cpAls(activity, 2, { seed: 1 }), odd, evaluated, awkward]) {
    const back = loadResult(saveResult(result));
    expect(toJson(back)).toBe(toJson(result));
    expect(back).toEqual(fromJson(toJson(result)));
  }
  const arrays = readNpz(saveResult(fit)),
    { model: json } = loadResult<{ model: Parameters<typeof modelFromJson>[0] }>(saveResult(fit));
  expect(arrays.prediction).toMatchObject({ shape: [5, 4, 3], data: fit.prediction.data });
  expect(arrays["model.params.a"].data).toEqual(fit.model.params.a.data);
  expect(modelFromJson(json).params).toEqual(fit.model.params);
  const names = Object.keys(readNpz(saveResult(awkward)));
  expect(names).toEqual(["record 2", "a.b", "a.b 2", "lone", "record"]);
  // what was loaded goes on as what was saved
  const start = loadResult<LowTensorRankFit>(saveResult(fit)),
    training = { steps: 8, starts: 2 };
  const more = await fitLowTensorRank(activity, 1, { ...options, training, start });
  expect(more.loss).toBe((await fitLowTensorRank(activity, 1, { ...options, training, start: fit })).loss);
});

test("a snapshot of form 0 is brought to today's: its run goes on as one that never stopped", async () => {
  const text = saved("snapshot-schema-0.json"),
    old = JSON.parse(text);
  expect(old.provenance.schema).toBeUndefined();
  expect(old.objective.connectivity).toEqual({ left: "a", right: "b", perTrial: "c", fixed: "w0" });
  const snapshot = fromJson<Snapshot<Params>>(text);
  const connectivity = { left: "a", right: "b", perTrial: "c", static: "w0" };
  expect(snapshot.objective).toMatchObject({ connectivity });
  expect(snapshot.provenance).toMatchObject({ schema, facts: { objective: { connectivity } } });
  expect(loadResult(saveResult(snapshot))).toEqual(snapshot);

  const w0 = tensor([3, 3], [0.1, 0.2, 0, 0, 0.1, 0, 0.3, 0, 0.1]),
    drawn = LowTensorRankRNN.random({ units: 3, inputs: 1, outputs: 1, rank: 1, trials: 2 }, 1).with({
      params: { w0 },
    }),
    objective = networkObjective(drawn, {
      inputs: tensor([2, 4, 1], [1, 0.5, 0, -0.5, 0, 0.5, 1, 0.5]),
      targets: tensor([2, 4, 1], [0, 1, 0, 1, 1, 0, 1, 0]),
    }),
    { a, c } = drawn.params;
  const whole = await last(train(objective, { a, c, w0 }, { optimizer: adam(1e-2), steps: 6 })),
    more = await last(train(objective, snapshot, { steps: 3 }));
  expect(more.step).toBe(6);
  // rounded in another order since
  for (const name of ["a", "c", "w0"] as const) close(more.params[name] as Tensor, whole.params[name] as Tensor, 1e-14);
  expect(more.loss).toBeCloseTo(0.2516377959474748, 14); // of the version that saved it, never stopped
});

test("a fit of form 0 is read; going on with its problem, which has changed since, is refused by name", async () => {
  const fit = fromJson<LowTensorRankFit>(saved("fit-schema-0.json"));
  expect(fit.provenance).toMatchObject({ by: "fitLowTensorRank", schema });
  expect(fit.loss).toBe(0.5589555128316099);
  await expect(fitLowTensorRank(activity, 1, { ...options, start: fit })).rejects.toThrow(
    "fitLowTensorRank: expected the data and options of the earlier fit, with ",
  );
});

test("later forms and damaged files are refused by name", () => {
  const cp = cpAls(activity, 1),
    later = { cp: { ...cp, provenance: { ...cp.provenance, schema: schema + 1, version: "9.0.0" } } };
  const refusal =
    `expected a result of "cpAls" in a form from 0 to ${schema}, ` + `got ${schema + 1}, saved by ltrnn "9.0.0"`;
  expect(() => fromJson(toJson(later))).toThrow(`fromJson: ${refusal}`);
  expect(() => loadResult(saveResult(later))).toThrow(`loadResult: ${refusal}`);
  expect(() => cpOptionsFrom(later.cp.provenance)).toThrow("provenance.schema");
  const { schema: _, ...first } = cp.provenance;
  expect(cpOptionsFrom(first)).toEqual(cpOptionsFrom(cp.provenance));
  expect(() => loadResult(writeNpz({ x: activity }))).toThrow("saveResult made, got arrays without record");
  expect(() => loadResult(writeNpz({ record: activity }))).toThrow("got another array record");
  expect(() => loadResult(new Uint8Array(40))).toThrow(/^loadResult: /);
  for (const wrong of [3, [1], null, undefined, Float64Array.of(1)])
    expect(() => saveResult(wrong)).toThrow("saveResult: expected a result, which is a record");
  expect(() => saveResult({ f: () => 1 })).toThrow(LtrnnError);
  expect(() => saveResult({ "a\0": activity })).toThrow("saveResult: expected names made of whole characters");
});

test("the five lines of the guide read a saved fit in numpy", async () => {
  const guide = readFileSync(new URL("../../docs/save-resume-share.md", import.meta.url), "utf8"),
    lines = /```python\n([\s\S]*?)```/.exec(guide)?.[1] ?? "",
    folder = mkdtempSync(join(tmpdir(), "ltrnn-numpy-"));
  expect(lines.trim().split("\n")).toHaveLength(5);
  const fit = await fitLowTensorRank(activity, 2, { ...options, training: { steps: 2, starts: 1 } });
  try {
    writeFileSync(join(folder, "fit.npz"), saveResult(fit));
    writeFileSync(
      join(folder, "lines.py"),
      `${lines}
import json
print(json.dumps([weights.shape, weights[3].ravel().tolist(), rates.ravel().tolist(), str(fit["record"])[:12]]))`,
    );
    if (spawnSync("/usr/bin/python3", ["-c", "import numpy"]).status !== 0)
      return console.log("left out: a saved fit in numpy, since there is no numpy");
    const said = execFileSync("/usr/bin/python3", ["lines.py"], { cwd: folder, encoding: "utf8" }),
      [shape, third, rates, record] = JSON.parse(said),
      { units } = fit.model;
    expect([shape, record]).toEqual([[5, units, units], '{"schema":1,']);
    expect(rates).toEqual(Array.from(fit.prediction.data));
    close(tensor([units, units], third as number[]), fit.model.weights(3), 1e-15);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
