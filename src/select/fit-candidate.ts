import { checkWhole, fail, failingAs, isRecord, show } from "../base";
import { fitLowTensorRank, readFitOptions, type FitOptions, type LearnedInputs } from "../fit";
import type { Labels } from "../masks";
import { fixedTrialFactors, freeTrialFactors, piecewiseConstantTrialFactors, trialFactorsFrom } from "../parts";
import { select, type Tensor, type Tensor3 } from "../tensor";
import { hypotheses, type Candidate, type Specification } from "./candidate";
import { checkShuffled, inverseOf, labelsInOrder, shuffledOrder } from "./shuffled-trials";

/** An ltrRNN. Axes: rank, `size` (units), `kernel` (the prior of its trial factors), decoder, hypothesis, seed. */
export const fitCandidate: Candidate = {
  axes: ["hypothesis", "rank", "size", "kernel", "decoder", "seed"],
  check(where, specification, data) {
    const { rank, options } = fitSpecification(where, specification, data);
    checkWhole(where, "axes.rank", rank, 1, 10_000);
    failingAs(where, () => readFitOptions(where, options));
  },
  async fit(data, specification, { train, validation }, signal) {
    const { rank, options } = fitSpecification("fit", specification, data),
      order = specification.axes.hypothesis === "shuffled" ? shuffledOrder(data, specification) : undefined,
      inOrder = (x: Tensor) => (order ? select(x, 0, order) : x) as Tensor3;
    const found = await fitLowTensorRank(inOrder(data), rank, {
      ...options,
      ...(order ? labelsInOrder(options, order) : {}),
      mask: inOrder(train),
      validation: inOrder(validation),
      training: { ...options.training, ...(signal ? { signal } : {}) },
    });
    return {
      prediction: order ? select(found.prediction, 0, inverseOf(order)) : found.prediction,
      status: found.status,
      score: found.firingRates ? "poisson" : "variance",
      facts: {
        steps: found.steps,
        bestStep: found.bestStep,
        validationLoss: found.validationLoss,
        replicability: found.replicability.map(({ score }) => score),
      },
    };
  },
};

/** The rank and the options of the fit in a cell. */
function fitSpecification(where: string, { axes, options: given }: Specification, data: Tensor) {
  if (data.shape.length !== 3)
    fail(where, {
      expected: "activity (trials × time × neurons) for fits",
      got: `${data.shape.length} modes`,
      fix: 'Pass activity, or take the model "cp".',
    });
  for (const name of ["mask", "validation", "start", "seed"])
    if (name in given)
      fail(where, {
        expected: `no ${name} among the options of a grid`,
        got: show(given[name]),
        fix: name === "seed" ? "Make seed an axis." : "Boxes are drawn by the grid; mask is an option of its own.",
      });
  const options = given as FitOptions,
    { size, decoder, hypothesis, seed } = axes,
    kernel = axes.kernel === undefined ? undefined : kernelOf(where, axes.kernel, options),
    network = { ...options.network, ...(size === undefined ? {} : { units: size as number }) },
    chosen = { ...options, ...(decoder === undefined ? {} : { decoder }), ...(seed === undefined ? {} : { seed }) };
  const rank = axes.rank === undefined ? 1 : (axes.rank as number);
  if (hypothesis === "shuffled") checkShuffled(where, options);
  if (hypothesis === undefined || hypothesis === "weights" || hypothesis === "shuffled")
    return {
      rank,
      options: {
        ...chosen,
        network: { ...network, ...(kernel === undefined ? {} : { trialKernel: kernel }) },
      } as FitOptions,
    };
  if (!hypotheses.includes(hypothesis as "nothing"))
    fail(where, {
      expected: `hypotheses out of ${hypotheses.join(", ")}`,
      got: show(hypothesis),
      fix: "Name what may have changed over trials.",
    });
  if (hypothesis === "jump" || hypothesis === "free") {
    if (kernel !== undefined || (hypothesis === "jump" && options.epochs === undefined))
      fail(where, {
        expected:
          (hypothesis === "jump" ? "epochs in the options, and " : "") +
          `no kernel with the hypothesis "${hypothesis}"`,
        got: kernel === undefined ? "no epochs" : show(axes.kernel),
        fix: "Give kernels to grids of other hypotheses, and epochs as a label per trial.",
      });
    const trialKernel =
      hypothesis === "free"
        ? freeTrialFactors(data.shape[0])
        : failingAs(where, () => piecewiseConstantTrialFactors(options.epochs as Labels));
    return { rank, options: { ...chosen, network: { ...network, trialKernel } } as FitOptions };
  }
  const fixed = { ...network, trialKernel: fixedTrialFactors(data.shape[0]) };
  if (hypothesis === "nothing") return { rank, options: { ...chosen, network: fixed } as FitOptions };
  return {
    rank,
    options: { ...chosen, network: fixed, inputs: changingInputs(where, options.inputs, rank, kernel) } as FitOptions,
  };
}

/** A length, a kernel in plain numbers, or the description of a prior. */
function kernelOf(where: string, given: unknown, { network }: FitOptions): unknown {
  if (typeof given === "number")
    return { ...(isRecord(network?.trialKernel) ? network.trialKernel : {}), length: given };
  return isRecord(given) && "kind" in given ? failingAs(where, () => trialFactorsFrom(given as never)) : given;
}

/** Inputs, of which as many change over trials as the weights have components, unless the options give a number. */
function changingInputs(where: string, given: unknown, rank: number, kernel: unknown): LearnedInputs {
  const learned = given === undefined ? {} : typeof given === "number" ? { count: given } : given;
  if (!isRecord(learned) || "shape" in learned)
    fail(where, {
      expected: 'a number of inputs, or a record of learned inputs, with the hypothesis "inputs"',
      got: show(given),
      fix: "Pass such as { count: 4, changing: 2 }.",
    });
  return { changing: rank, ...(kernel === undefined ? {} : { trialKernel: kernel }), ...learned } as LearnedInputs;
}
