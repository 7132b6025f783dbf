import { customGrad, type Tensor as TfjsTensor, type Tensor3D } from "@tensorflow/tfjs-core";
import { fail, isRecord, show } from "../base";
import type { Rows } from "../kernels";
import type { Network } from "../models";
import {
  collect,
  namedGradients,
  orThrow,
  planRun,
  runPanels,
  writeGradients,
  type Kept,
  type RunOptions,
} from "../run";
import { indexOf, zeros, type Params, type Shape, type Tensor, type Tensor3 } from "../tensor";
import type { Trainable } from "../train";
import { checkBackend, checkTfjs, copiesAtOnce, isTfjs, readTfjs, writeTfjs } from "./transfer";

/** tfjs tensors or variables by the names of a model's parameters; those not given stay as they are in the model. */
export type TfjsParams = Readonly<Record<string, TfjsTensor>>;

const sights = ["outputs", "rates", "states"] as const;
/** What of a run an operation gives. */
type Sight = (typeof sights)[number];
type Operation = (params: TfjsParams, inputs: TfjsTensor | Tensor3) => Tensor3D;

/** Buffers of a run whose gradient is computed: the next run writes over them. */
interface Buffers {
  readonly kept: Kept;
  readonly values?: Float32Array;
}

/** The scan as three operations, which share their buffers. */
export function scanOp(model: Trainable, options: RunOptions): Readonly<Record<Sight, Operation>> {
  const spare: Buffers[] = [];
  const operation =
    (sight: Sight): Operation =>
    (params, inputs) =>
      differentiable(model, sight, params, inputs, options, spare);
  return { outputs: operation("outputs"), rates: operation("rates"), states: operation("states") };
}

/** One operation: the scan forward, and its adjoint as the gradient. */
function differentiable(
  model: Trainable,
  sight: Sight,
  params: TfjsParams,
  inputs: TfjsTensor | Tensor3,
  options: RunOptions,
  spare: Buffers[],
): Tensor3D {
  const where = `networkOp.${sight}`;
  checkBackend(where);
  checkParams(where, model, params);
  const names = Object.keys(params),
    inputsTrain = isTfjs(inputs);
  if (inputsTrain) checkTfjs(where, "inputs", inputs);
  const op = customGrad((...given) => {
    const values: Params = Object.fromEntries(names.map((name, i) => [name, readTfjs(given[i] as TfjsTensor)]));
    const u = inputsTrain ? readTfjs<Tensor3["shape"]>(given[names.length] as TfjsTensor) : inputs;
    const network = seenAs(model.with({ params: values }), sight);
    const { value, backward } = forward(where, network, u, options, sight, spare);
    return {
      value,
      gradFunc: (dValue: TfjsTensor) => {
        const { gradients, dInputs } = backward(dValue.dataSync() as Float32Array, inputsTrain);
        return [
          ...names.map((name) => finite(where, name, gradients[name] ?? zeros(shapeOf(values[name])))),
          ...(inputsTrain ? [finite(where, "inputs", dInputs)] : []),
        ];
      },
    };
  });
  return op(...names.map((name) => params[name]), ...(inputsTrain ? [inputs] : [])) as Tensor3D;
}

/** A run, and the gradients of what it gave: of the inputs only where they are asked for, else zeros. */
interface Forward {
  readonly value: Tensor3D;
  backward(dValue: Float32Array, withInputs: boolean): { readonly gradients: Params; readonly dInputs: Tensor3 };
}

/** The scan of a network whose outputs are what is asked for, and what takes gradients in them back. */
function forward(
  where: string,
  network: Network,
  u: Tensor3,
  options: RunOptions,
  sight: Sight,
  spare: Buffers[],
): Forward {
  const plan = planRun(where, network, u, options),
    { trials, steps, outputs, startOf } = plan,
    withStart = sight === "states",
    times = steps + (withStart ? 1 : 0);
  const { kept: old = [], values: array } = spare.pop() ?? {},
    size = trials * times * outputs,
    values = array?.length === size ? array : new Float32Array(size),
    shape = [trials, times, outputs] as const;
  let kept: Kept | undefined = old;
  const overflow = collect(where, network, u, plan, { shape, data: values }, withStart ? "states" : "seen", kept);
  if (overflow) orThrow(where, overflow);
  const copies = copiesAtOnce();
  const backward: Forward["backward"] = (dValue, withInputs) => {
    const d = { shape, data: dValue },
      dSeen = withStart ? withoutStart(d) : d,
      dInputs = zeros(u.shape);
    const recall = kept;
    const result = runPanels(where, network, u, plan, {
      ...(recall ? { recall: (trial: number) => recall[trial] } : {}), // a second gradient runs the scan again
      see(panel) {
        writeGradients(where, panel, dSeen);
        return "backward";
      },
      finish: (panel) => withInputs && panel.read("inputGradients", dInputs),
    });
    const run = orThrow(where, result);
    if (recall) spare.push({ kept: recall, ...(copies ? { values } : {}) });
    kept = undefined;
    if (withStart)
      for (let trial = 0; trial < trials; trial++)
        for (let unit = 0; unit < outputs; unit++)
          run.x0[startOf[trial] * outputs + unit] += dValue[trial * times * outputs + unit];
    return { gradients: namedGradients(network, run) as Params, dInputs };
  };
  return { value: writeTfjs<Tensor3D>({ shape, data: values }), backward };
}

/** Refuse what are no tfjs tensors, by the names and in the shapes of the model's parameters. */
function checkParams(where: string, model: Trainable, params: unknown): asserts params is TfjsParams {
  if (!isRecord(params))
    fail(where, {
      expected: "params to be a record of tfjs tensors",
      got: show(params),
      fix: "Pass variablesOf(model.params), or {} where no parameter trains.",
    });
  const own: Params = model.params;
  for (const [name, x] of Object.entries(params)) {
    const constant = Object.hasOwn(own, name) ? own[name] : undefined;
    if (!constant)
      fail(where, {
        expected: `parameters of the model: ${Object.keys(own).join(", ")}`,
        got: name.slice(0, 40),
        fix: "Pass some of the model's own parameters.",
      });
    checkTfjs(where, name, x);
    if (x.shape.length !== constant.shape.length || x.shape.some((size, mode) => size !== constant.shape[mode]))
      fail(where, {
        expected: `${name} of shape (${constant.shape.join(" × ")}), as in the model`,
        got: `(${x.shape.join(" × ")})`,
        fix: "Pass it in the model's shape, or make the operation from a model of other sizes.",
      });
  }
}

/** The same network, whose outputs are what is asked for. */
function seenAs(model: Network, sight: Sight): Network {
  if (sight === "outputs") return model;
  const { readout: _readout, readoutGain: _gain, readoutBias: _bias, ...params } = model.params;
  const { units, connectivity, trials } = model;
  return {
    params,
    setting: { ...model.setting, reads: sight },
    units,
    connectivity,
    trials,
    weights: (trial) => model.weights(trial),
  };
}

/** Rows 1 .. T of each trial's 0 .. T. */
function withoutStart({ shape, data }: { readonly shape: Tensor3["shape"]; readonly data: Float32Array }): Rows {
  const [trials, times, units] = shape,
    size = (times - 1) * units,
    out = new Float32Array(trials * size);
  for (let trial = 0; trial < trials; trial++) {
    const start = trial * (size + units) + units;
    out.set(data.subarray(start, start + size), trial * size);
  }
  return { shape: [trials, times - 1, units], data: out };
}

const shapeOf = (x: Tensor | undefined): Shape => x?.shape ?? [];

/** A gradient for tfjs. Refuses what float32 does not hold. */
function finite(where: string, name: string, { shape, data }: Tensor): TfjsTensor {
  const rounded = new Float32Array(data),
    bad = rounded.findIndex((value) => !Number.isFinite(value));
  if (bad >= 0)
    fail(where, {
      expected: `a gradient in ${name} that float32 holds`,
      got: `${data[bad]} at index [${indexOf(shape, bad).join(", ")}]`,
      fix: "The network is about to diverge: take weaker weights, a smaller dt or a smaller learning rate.",
    });
  return writeTfjs({ shape, data: rounded });
}
