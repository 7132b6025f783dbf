import type * as Ltrnn from "../../src/index";

type Numbers = Record<string, number | string | readonly number[]>;

/** What must give the same bits in Node and in a browser, on one thread and in float64. */
export async function computations(
  {
    LowTensorRankRNN,
    cpAls,
    fitLowTensorRank,
    last,
    lossAndGradient,
    networkObjective,
    poissonLoss,
    random,
    simulate,
    tensor,
    train,
    tucker,
  }: typeof Ltrnn,
  threads = 1,
): Promise<Numbers> {
  const { normal } = random(3, "browser"),
    draw = (shape: readonly [number, number, number], of = (x: number) => x) =>
      tensor(
        shape,
        Array.from({ length: shape[0] * shape[1] * shape[2] }, () => of(normal())),
      );
  const trials = 21,
    inputs = draw([trials, 12, 2]),
    model = LowTensorRankRNN.random({ units: 9, inputs: 2, outputs: 3, rank: 2, trials }, 5);
  const targets = draw([trials, 12, 3]),
    counts = draw([trials, 12, 3], (x) => Math.floor(Math.abs(2 * x)));
  const { rates, provenance } = simulate(model, inputs, { noise: { sigma: 0.1, seed: 2 } });
  const gradient = lossAndGradient(model, { inputs, targets }),
    poisson = lossAndGradient(model, { inputs, targets: counts }, { integrator: "heun", loss: poissonLoss() });
  const cp = cpAls(rates, 3, { seed: 1, sweeps: 20 }),
    core = tucker(rates, [3, 3, 3]).core;
  const trained = await last(
    train(networkObjective(model, { inputs, targets }), { ...model.params }, { steps: 8, threads }),
  );
  const fit = await fitLowTensorRank(rates, 2, { network: { units: 6 }, training: { steps: 10, starts: 2 }, threads });
  const list = (x: { readonly data: Float64Array } | undefined) => Array.from(x!.data);
  return {
    kernels: String(provenance.options.kernels),
    rates: list(rates),
    loss: gradient.loss,
    a: list(gradient.gradients.a),
    c: list(gradient.gradients.c),
    poisson: poisson.loss,
    b: list(poisson.gradients.b),
    cpError: cp.relativeError,
    cpFactor: list(cp.factors[2]),
    core: list(core),
    trained: trained.loss,
    trainedA: list(trained.params.a),
    fit: fit.validationLoss,
    fitA: list(fit.model.params.a),
    prediction: list(fit.prediction),
  };
}
