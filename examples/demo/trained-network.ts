import {
  adam,
  chain,
  clipByNorm,
  cosineDecay,
  FullRankRNN,
  lateralError,
  last,
  lineFigure,
  networkObjective,
  pointMass,
  random,
  reaching,
  recordWeights,
  scatterFigure,
  sgd,
  train,
  trajectoryCertificate,
  trajectoryObjective,
  zeros,
  type CertificateState,
  type Tensor3,
} from "ltrnn";
import type { Section } from "./report";
import { lateralNote, trainingNote } from "./statements";
import type { Progress } from "./terminal";

export const units = 100;
const dt = 0.1,
  rate = 0.1,
  pretraining = 600,
  curl = 1;
/** trials: baseline, then the field, then none */
export const phases = { field: 50, washout: 150, end: 250 };

/** What a trial is in. */
export const phaseOf = (trial: number): string =>
  trial < phases.field ? "baseline" : trial < phases.washout ? "field" : "washout";

/** A network that learned to reach, was perturbed, and washed out, with all that the claims are checked on. */
export interface TrainedNetwork {
  /** (units × units × trials), before the update of each trial */
  readonly weights: Tensor3;
  /** rates of one reach per trial (trials × time × units) */
  readonly activity: Tensor3;
  /** the target of each recorded reach */
  readonly targets: readonly number[];
  /** one certificate after every update */
  readonly certificates: readonly CertificateState[];
  readonly section: Section;
}

/**
 * Claim 2, first half: train on center-out reaching, then one plain gradient step per trial through baseline, field
 * and washout.
 */
export async function trainNetwork(seed: number, progress: Progress): Promise<TrainedNetwork> {
  const task = reaching({ targets: 8, steps: 40, dt, cue: 8, duration: 24 });
  const batch = task.batch;
  const hand = (field: number) => pointMass({ mass: 1, friction: 1, curl: field, dt });
  const naive = FullRankRNN.random({ units, inputs: 3, outputs: 2, gain: 0.8, tau: 0.5 }, seed);
  const { w, wIn, bias, readout, readoutBias } = naive.params;
  const optimizer = chain(clipByNorm(1), adam(cosineDecay(3e-3, { steps: pretraining, warmup: 10 })));
  const learning = train(
    networkObjective(naive, batch, { dt, plant: hand(0) }),
    { w, wIn, bias, readout, readoutBias },
    { optimizer, steps: pretraining, every: 10 },
  );
  let naiveLoss = Number.NaN;
  const watched = async function* () {
    for await (const now of learning) {
      if (now.step === 0) naiveLoss = now.loss;
      progress.say("learning to reach", `update ${now.step} of ${pretraining}, loss ${now.loss.toExponential(2)}`);
      yield now;
    }
  };
  const skilled = await last(watched());
  const model = naive.with({ params: skilled.params });

  // one target is recorded per trial, all eight in each block of eight trials, in shuffled order
  const stream = random(seed, "recorded targets"),
    all = [0, 1, 2, 3, 4, 5, 6, 7];
  const targets = Array.from({ length: Math.ceil(phases.end / 8) }, () => stream.shuffled(all))
    .flat()
    .slice(0, phases.end);
  const activity = zeros([phases.end, 40, units]),
    errors: number[] = [],
    hands: Tensor3[] = [],
    certificates: CertificateState[] = [];
  const certificate = trajectoryCertificate({ tolerance: 0.02 });
  let state = certificate.init(units);
  const trial = trajectoryObjective(model, batch, (step) => ({
    dt,
    plant: hand(step >= phases.field && step < phases.washout ? curl : 0),
  }));
  const steps = async function* () {
    for await (const now of train(
      trial,
      { w: model.params.w },
      { optimizer: sgd(rate), steps: phases.end - 1, every: 1 },
    )) {
      const { adjoints, rates, alpha, plantStates } = now.evaluation,
        from = (41 * targets[now.step] + 1) * units;
      activity.data.set(rates.data.subarray(from, from + 40 * units), now.step * 40 * units);
      const lateral = lateralError(plantStates!, task.conditions.angle);
      errors.push(lateral.reduce((sum, error) => sum + error, 0) / lateral.length);
      hands.push(plantStates!);
      if (now.status === "running") {
        state = certificate.update(state, { adjoints, rates, alpha, coefficient: rate, weights: now.params.w });
        certificates.push(state);
      }
      progress.say("one gradient step per trial", `trial ${now.step + 1} of ${phases.end}`);
      yield now;
    }
  };
  const { weights, losses } = await recordWeights(steps(), model);

  const places: [string, number][] = [
    ["baseline, first trial", 0],
    ["baseline, last trial", phases.field - 1],
    ["field, first trial", phases.field],
    ["field, 10th trial", phases.field + 9],
    ["field, last trial", phases.washout - 1],
    ["washout, first trial", phases.washout],
    ["washout, 10th trial", phases.washout + 9],
    ["washout, last trial", phases.end - 1],
  ];
  const trials = errors.map((_, k) => k),
    marks = [
      { x: phases.field, label: "field", breaks: true },
      { x: phases.washout, label: "washout", breaks: true },
    ];
  const path = (k: number, label: string) => {
    const coordinate = (i: number) =>
      Array.from({ length: 8 }, (_, target) => [
        NaN,
        ...Array.from({ length: 41 }, (_, t) => hands[k].data[(target * 41 + t) * 4 + i]),
      ]).flat();
    return { label, x: coordinate(0), y: coordinate(1) };
  };
  return {
    weights,
    activity,
    targets,
    certificates,
    section: {
      title: "A network trained to reach, then to reach in a field",
      text:
        `${units} tanh units were trained on center-out reaching to 8 targets: their outputs push a point mass, and ` +
        `the gradient flows through it. ${trainingNote(naiveLoss, skilled.loss)} Then came one plain ` +
        `gradient-descent step per trial: ${phases.field} trials without a field, ` +
        `${phases.washout - phases.field} in a velocity-dependent curl ` +
        `field, ${phases.end - phases.washout} without it again.`,
      tables: [
        {
          caption: "Trained network: behavior over learning",
          columns: ["trial", "loss", "lateral error (mean of 8 targets, left positive)"],
          rows: places.map(([name, k]) => [`${name} (${k + 1})`, losses[k].toExponential(2), errors[k].toFixed(3)]),
          note: lateralNote({
            before: errors[phases.field - 1],
            baseline: errors.slice(0, phases.field),
            fieldFirst: errors[phases.field],
            fieldLast: errors[phases.washout - 1],
            washoutFirst: errors[phases.washout],
            washoutLast: errors[phases.end - 1],
          }),
        },
      ],
      figures: [
        lineFigure([{ x: trials, y: errors }], {
          title: "Lateral error",
          xLabel: "trial",
          yLabel: "lateral error",
          marks,
        }),
        lineFigure([{ x: trials, y: losses }], { title: "Loss", xLabel: "trial", yLabel: "loss", marks, logY: true }),
        scatterFigure(
          [
            path(phases.field - 1, "baseline"),
            path(phases.field, "first trial in the field"),
            path(phases.washout, "first trial after it"),
          ],
          { title: "Path of the hand", xLabel: "x", yLabel: "y", width: 360, height: 360 },
        ),
      ],
    },
  };
}
