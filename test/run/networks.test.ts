import { expect, test } from "vitest";
import { exp, log } from "../../src/base";
import { negativeBinomialLoss, poissonLoss, type CustomLoss } from "../../src/losses";
import { FullRankRNN, LowRankRNN, LowTensorRankRNN, type Network } from "../../src/models";
import { lossAndGradient, simulate } from "../../src/run";
import { tensor, type Tensor3 } from "../../src/tensor";
import { close, distance } from "../support/close";
import { oracle, type Oracle } from "../support/oracle";

const { cases } = oracle(process.env.LTRNN_NETWORKS ?? "networks");
const models = { full: FullRankRNN, low: LowRankRNN, tensor: LowTensorRankRNN } as Record<
  string,
  new (
    params: never,
    setting: object,
  ) => Network
>;

/** Entries that are not numbers in JSON were NaN: nothing may read them. */
const withNaN = (x: Oracle): Tensor3 =>
  x.values
    ? (tensor(
        x.shape,
        x.values.map((value: number | null) => value ?? Number.NaN),
      ) as Tensor3)
    : x;
/** What is there. */
const given = (record: Record<string, unknown>) =>
  Object.fromEntries(Object.entries(record).filter(([, value]) => value !== null && value !== undefined));

const logistic = (x: number) => 1 / (1 + exp(-x));
const sigmoid = { name: "sigmoid", value: logistic, derivative: (x: number) => logistic(x) * (1 - logistic(x)) };

/** Mean over trials and steps of `log sum exp y - y at the target`. */
const crossEntropy: CustomLoss = {
  kind: "custom",
  name: "cross entropy",
  params: {},
  evaluate({ outputs, targets }) {
    const [trials, steps, n] = outputs.shape,
      share = 1 / (trials * steps),
      dOutputs = { shape: outputs.shape, data: new Float64Array(outputs.data.length) };
    let loss = 0;
    for (let row = 0; row < outputs.data.length; row += n) {
      const y = outputs.data.subarray(row, row + n),
        largest = Math.max(...y),
        whole = y.reduce((sum, value) => sum + exp(value - largest), 0);
      for (let o = 0; o < n; o++) {
        const logShare = y[o] - largest - log(whole),
          target = targets!.data[row + o];
        loss -= share * target * logShare;
        dOutputs.data[row + o] = share * (exp(logShare) - target);
      }
    }
    return { loss, dOutputs, gradients: {} };
  },
};
const lossOf = ({ kind, ...numbers }: Oracle) =>
  kind === "crossEntropy"
    ? crossEntropy
    : kind === "poisson"
      ? poissonLoss(numbers)
      : kind === "negativeBinomial"
        ? negativeBinomialLoss(numbers)
        : "meanSquaredError";

test.each<Oracle>(
  cases.map((c: Oracle, i: number) => ({
    name: `${i}, ${c.kind}, ${c.phi}, ${c.integrator}, ${c.loss.kind}${c.observed ? ", filter" : ""}`,
    c,
  })),
)("states, losses and all gradients of a random configuration are those of torch.autograd: $name", ({ c }) => {
  const model = new models[c.kind](c.params as never, {
      tau: c.tau,
      phi: c.phi === "sigmoid" ? sigmoid : c.phi,
      reads: c.reads,
    }),
    how = { dt: c.dt, integrator: c.integrator, ...given({ innovation: c.innovation }) },
    rows = given({ trials: c.trials, conditions: c.conditions }),
    seen = given({ observed: c.observed && withNaN(c.observed), observedMask: c.observedMask });
  if (!(c.loss.gain > 0 && c.loss.gain !== 1)) {
    // a gain belongs to the loss
    const run = simulate(model, c.inputs, { ...how, ...rows, ...seen });
    close(run.states, c.states, 1e-12);
    close(run.outputs, c.outputs, 1e-12);
  }
  const batch = { inputs: c.inputs, targets: withNaN(c.targets), ...rows, ...seen },
    found = lossAndGradient(
      model,
      { ...batch, ...given({ mask: c.mask, validation: c.validation }) },
      {
        ...how,
        loss: lossOf(c.loss),
        ...given({ ratePenalty: c.ratePenalty }),
      },
    );
  // sums in another order, of terms that may cancel
  const near = (got: number | undefined, want: number | null) =>
    want === null
      ? expect(got).toBeUndefined()
      : expect(Math.abs(got! - want)).toBeLessThanOrEqual(1e-12 * Math.max(1, Math.abs(want)));
  near(found.loss, c.value);
  near(found.validationLoss, c.validationLoss);
  near(found.penalty, c.penalty);
  const got = { ...found.gradients, ...found.customGradients, u: found.inputGradients } as Oracle,
    scale = Math.max(...Object.values<Oracle>(c.gradients).map(({ data }) => Math.max(0, ...data.map(Math.abs))));
  for (const [name, want] of Object.entries<Oracle>(c.gradients)) {
    expect(got[name].shape, name).toEqual(want.shape);
    const own = Math.max(...want.data.map(Math.abs), 1e-3 * scale, 1e-300);
    expect(distance([...got[name].data, own], [...want.data, own]), name).toBeLessThan(1e-10);
  }
});
