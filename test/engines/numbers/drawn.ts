import type { Library, Results } from "../public-numbers";
import { drawing } from "./data";

/** Random numbers, tensors and their products, matrices and what they are made of, tasks. */
export function drawn(ltrnn: Library): Results {
  const draw = drawing(ltrnn),
    { random } = ltrnn;
  const stream = random(7, "numbers"),
    many = (next: () => number, count: number) => Array.from({ length: count }, next);
  const x = draw("x", [5, 6, 7]),
    a = draw("a", [5, 3]),
    b = draw("b", [6, 3]),
    c = draw("c", [7, 3]),
    square = ltrnn.matmul(a, ltrnn.transpose(draw("d", [5, 3])));
  return {
    uniforms: many(stream.uniform, 2000),
    normals: many(stream.normal, 20_000),
    integers: many(() => stream.int(-5, 1000), 500),
    shuffled: stream.shuffled(many(stream.uniform, 100)),
    ...products(ltrnn, x, [a, b, c]),
    ...largerMatrices(ltrnn),
    ...matrices(ltrnn, a, draw("e", [5, 3]), square),
    blockMask: ltrnn.blockMask([9, 10, 11], { halfTrain: [2, 2, 2], halfTest: [1, 1, 1], fraction: 0.1, seed: 4 }),
    ...tasks(ltrnn),
    randomModels: [
      ltrnn.FullRankRNN.random({ units: 12, inputs: 2, outputs: 3, gain: 1.3 }, 1),
      ltrnn.LowRankRNN.random({ units: 12, inputs: 2, outputs: 3, rank: 2, gain: 0.7 }, 2),
      ltrnn.LowTensorRankRNN.random({ units: 12, inputs: 2, rank: 2, trials: 5, tau: 3, phi: "relu" }, 3),
    ].map((model) => [model.toJSON(), model.weights(0)]),
    settings: ltrnn.defaultSetting,
  };
}

function products(
  ltrnn: Library,
  x: ReturnType<Library["zeros"]>,
  factors: Parameters<Library["khatriRao"]>[0],
): Results {
  return {
    unfolded: ltrnn.unfold(x, 1),
    folded: ltrnn.fold(ltrnn.unfold(x, 2), 2, x.shape),
    khatriRao: ltrnn.khatriRao(factors),
    mttkrp: factors.map((_, mode) => ltrnn.mttkrp(x, factors, mode)),
    modeProduct: ltrnn.modeProduct(x, ltrnn.transpose(factors[1]), 1),
    modeGram: ltrnn.modeGram(x, 0),
    gram: ltrnn.gram(factors[0]),
    hadamard: ltrnn.hadamard(x, x),
    norms: [ltrnn.norm(x), ltrnn.norm(factors[2])],
    slices: [
      ltrnn.slice(x, [[1, 4], undefined, [-3]]),
      ltrnn.select(x, 0, [2, 0]),
      ltrnn.permute(x, [2, 0, 1]),
      ltrnn.concat([x, x], 1),
    ],
  };
}

type Matrix = Parameters<Library["svd"]>[0];

function matrices(ltrnn: Library, a: Matrix, other: Matrix, square: Matrix): Results {
  return {
    svd: [ltrnn.svd(a), ltrnn.svd(square), ltrnn.svd(ltrnn.transpose(a))],
    singularValues: ltrnn.singularValues(square),
    symmetricEigen: ltrnn.symmetricEigen(ltrnn.gram(ltrnn.transpose(a))),
    eigen: [ltrnn.eigen(square), ltrnn.eigenvalues(square)],
    numericalRank: [ltrnn.numericalRank(square), ltrnn.numericalRank(a, { absolute: 1e-3 })],
    multilinearRank: ltrnn.multilinearRank(ltrnn.tensor([5, 5, 1], square.data)),
    orthonormalBasis: ltrnn.orthonormalBasis(square),
    principalAngles: ltrnn.principalAngles(a, other),
    kRank: [ltrnn.kRank(a), ltrnn.kRank(square)],
    kruskalUnique: ltrnn.kruskalUnique({ factors: [a, other, a] }),
  };
}

function largerMatrices(ltrnn: Library): Results {
  const draw = drawing(ltrnn),
    tall = draw("tall", [70, 33]),
    low = ltrnn.matmul(draw("low left", [48, 6]), draw("low right", [6, 48]));
  return {
    "svd, larger": [ltrnn.svd(tall), ltrnn.svd(low)],
    "symmetricEigen, larger": ltrnn.symmetricEigen(ltrnn.gram(tall)),
    "ranks, larger": [ltrnn.numericalRank(low), ltrnn.orthonormalBasis(low), ltrnn.norm(tall)],
  };
}

function tasks(ltrnn: Library): Results {
  const task = ltrnn.reaching({ targets: 7, steps: 30, cue: 5, duration: 20 }),
    plant = ltrnn.pointMass({ dt: task.dt, curl: 2, friction: 0.3, feedback: true });
  const model = ltrnn.FullRankRNN.random({ units: 10, inputs: 7, outputs: 2 }, 4);
  const run = ltrnn.simulate(model, task.batch.inputs, { dt: task.dt, plant }),
    plantStates = run.plantStates ?? ltrnn.zeros([7, 31, 4]);
  const { description } = plant,
    again =
      description && ltrnn.simulate(model, task.batch.inputs, { dt: task.dt, plant: ltrnn.plantFrom(description) });
  return {
    reaching: task,
    moved: run,
    plantFrom: again,
    lateralError: ltrnn.lateralError(plantStates, task.conditions.angle),
    ...arms(ltrnn),
    ...trials(ltrnn),
  };
}

function trials(ltrnn: Library): Results {
  const made = [
    ltrnn.perceptualDecision({ trials: 6, seed: 1 }),
    ltrnn.contextIntegration({ trials: 6, seed: 1 }),
    ltrnn.parametricWorkingMemory({ trials: 6, seed: 1 }),
    ltrnn.delayedMatch({ trials: 6, stimuli: 3, seed: 1 }),
    ltrnn.goNoGo({ trials: 6, reversed: true, seed: 1 }),
    ltrnn.flipFlop({ trials: 3, seed: 1 }),
    ltrnn.sineWave(),
    ltrnn.linearTeacher({ trials: 3, inputs: 2, outputs: 2, seed: 1 }),
  ];
  const rules = [
    ltrnn.abrupt({ size: 0.3 }),
    ltrnn.gradual({ size: 0.3 }),
    ltrnn.alternating({ size: 0.3 }),
    ltrnn.curriculum([{ name: "ramp", steps: 300, from: 0.1, size: 0.7 }]),
  ];
  return {
    tasks: made,
    taskScore: made.map((task) => {
      const { inputs, targets } = task.batch,
        model = ltrnn.FullRankRNN.random({ units: 7, inputs: inputs.shape[2], outputs: targets.shape[2] }, 2);
      return ltrnn.taskScore(task, ltrnn.simulate(model, inputs, { dt: task.dt }).outputs);
    }),
    curricula: rules.map((rule) => Array.from({ length: 300 }, (_, step) => rule(step))),
  };
}

function arms(ltrnn: Library): Results {
  const task = ltrnn.reaching({ targets: 3, steps: 20, cue: 4, duration: 12, dt: 0.01, radius: 0.1 });
  return Object.fromEntries(
    [false, true].map((muscles) => {
      const arm = ltrnn.twoJointArm({ dt: task.dt, curl: 5, rotation: 0.3, muscles, substeps: 2, feedback: true }),
        plant = ltrnn.delayedFeedback(arm, 3),
        outputs = arm.controls,
        model = ltrnn.FullRankRNN.random({ units: 10, inputs: 7, outputs, tau: 0.05 }, 4);
      const batch = ltrnn.batchOnPlant(task.batch, plant),
        motion = ltrnn.tensor([2, 2], [0.1, 1.2, 2, -3]);
      return [
        `arm, muscles ${muscles}`,
        [
          ltrnn.lossAndGradient(model, batch, { dt: task.dt, plant }),
          ltrnn.checkPlant(plant),
          ltrnn.armTorques({ dt: 1, curl: 2 }, { angles: motion, velocities: motion, accelerations: motion }),
        ],
      ];
    }),
  );
}
