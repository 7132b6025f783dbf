/** A network in a tfjs program, a tfjs loss in training and a tfjs decoder in a fit, on two backends. */
export const learn = `
const model = FullRankRNN.random({ units: 4, inputs: 1, outputs: 1 }, 1);
const inputs = zeros([2, 5, 1]), targets = { shape: [2, 5, 1], data: new Float64Array(10).fill(1) };
async function learnOn(backend) {
  await tf.setBackend(backend);
  const params = variablesOf(model.params), op = networkOp(model), optimizer = tf.train.adam(0.05);
  const outputs = () => tf.tanh(linear(op.rates(params, inputs), tf.transpose(params.readout), params.readoutBias));
  const loss = () => tf.mean(tf.square(tf.sub(outputs(), 1)));
  for (let i = 0; i < 150; i++) optimizer.minimize(loss);
  const custom = tfjsLoss((y, { targets, head }) => tf.mean(tf.square(tf.sub(tf.mul(head.gain, y), targets))), {
    head: { gain: tf.scalar(1) },
  });
  const objective = networkObjective(model, { inputs, targets }, { loss: custom });
  const end = await last(
    train(objective, { ...model.params, ...custom.params }, { optimizer: adam(0.05), steps: 150 }));
  const decoder = tfjsHead((y, { c }) => linear(y, c), { head: { c: tf.fill([3, 1], 0.1) } });
  const fit = await fitLowTensorRank(targets, 1, {
    decoder, network: { units: 3 }, training: { steps: 3, starts: 1, loss: custom },
  });
  return [tf.getBackend(), loss().dataSync()[0] < 0.1, end.loss < 0.1, Object.keys(fit.customParams).join()];
}
(async () => console.log(JSON.stringify([await learnOn("cpu"), await learnOn("wasm")])))();`;

/** Training and fitting on two threads. The last run never ends: the process must not wait for it. */
export const threaded = `
const model = FullRankRNN.random({ units: 4, inputs: 1, outputs: 1 }, 1);
const inputs = zeros([40, 5, 1]), targets = { shape: [40, 5, 1], data: new Float64Array(200).fill(1) };
const objective = networkObjective(model, { inputs, targets });
(async () => {
  const one = await last(train(objective, model.params, { steps: 20 }));
  const two = await last(train(objective, model.params, { steps: 20, threads: 2 }));
  const fit = await fitLowTensorRank(targets, 1, { training: { steps: 3, starts: 1, threads: 2 } });
  const left = train(objective, model.params, { threads: 2, every: 1 });
  console.log(JSON.stringify([Math.abs(one.loss - two.loss) < 1e-12, fit.status, (await left.next()).value.status]));
})();`;

/** Results of the library handed back to it, as its types allow. */
export const returned = `
import {
  FullRankRNN, LowTensorRankRNN, backpropagate, compareRanks, cpAls, fitLowTensorRank, holdOut, last, learningRankBound,
  learningSetupOf, lossAndGradient, matchFits, networkObjective, observedMask, optimizerFrom, reaching, recordWeights,
  sgd, simulate, train, tucker, tuckerToTensor, varianceExplained, weightChanges, zeros,
} from "ltrnn";
const model = FullRankRNN.random({ units: 4, inputs: 1, outputs: 1 }, 1),
  batch = { inputs: zeros([2, 5, 1]), targets: zeros([2, 5, 1]) };
const changed = model.with({ params: model.params, ...model.setting }),
  again = model.with({ params: { bias: changed.params.bias, readout: changed.params.readout } }),
  gradients = lossAndGradient(again, batch, { dt: 0.1 }).gradients;
export const stepped = model.with({ params: gradients }), trajectory = backpropagate(stepped, batch).states;
const objective = networkObjective(model, batch), optimizer = sgd(0.1);
const end = await last(train(objective, model.params, { optimizer, steps: 3 }));
export const more = await last(train(objective, end, { optimizer: optimizerFrom(end.optimizer), steps: 3 }));
const trained = model.with({ params: end.params });
const record = await recordWeights(train(objective, trained.params, { steps: 3 }), trained);
const setup = learningSetupOf(model.with({ phi: "identity" }), batch, { optimizer, snapshots: 3 }),
  bound = learningRankBound(setup);
if (bound.status === "holds") compareRanks({ changes: weightChanges(record.weights), steps: record.steps }, bound);
const x = zeros([4, 5, 6]), masks = holdOut(observedMask(x), { half: [0, 0, 0], seed: 1 });
const fit = await fitLowTensorRank(x, 1, { mask: masks.train, validation: masks.validation, training: { steps: 3 } });
export const resumed = await fitLowTensorRank(x, 1, {
  mask: masks.train, validation: masks.validation, training: { steps: 3 }, start: fit,
});
export const score = varianceExplained(x, fit.prediction, { train: masks.train, over: masks.test });
export const run = simulate(fit.model, fit.inputs, { dt: fit.dt, conditions: fit.conditions });
export const match = matchFits(fit, resumed), shown = LowTensorRankRNN.fromJSON(fit.model.toJSON());
const cp = cpAls(x, 2);
export const continued = cpAls(x, 2, { start: cp }), core = tuckerToTensor(tucker(x, [1, 1, 1]));
export const task = reaching({ targets: 4 });`;

/** A call of every entry. The queue is asked on a port where no Redis is. */
export const allEntries = [
  {
    ltrnn: ["cpAls", "crossValidate", "lineFigure", "tensor"],
    "ltrnn/tfjs": ["toTfjs"],
    "ltrnn/vega": ["toSvg"],
    "ltrnn/hdf5": ["readHdf5"],
    "ltrnn/node": ["threadExecutor"],
    "ltrnn/bullmq": ["bullmqExecutor"],
  },
  `
const refusal = (error) => [error.where, error.expected];
const entry = (_, i) => ((i >> 4) + 1) * (((i >> 2) & 3) + 1) * ((i & 3) + 1); // of rank one
tf.setBackend("cpu");
const x = tensor([4, 4, 4], Array.from({ length: 64 }, entry));
(async () => {
  const svg = await toSvg(lineFigure([{ x: [0, 1], y: [1, 2] }]));
  const damaged = await readHdf5(new Uint8Array(9)).catch(refusal);
  const grid = { model: "cp", axes: { rank: [1] } }, options = { folds: 3, boxes: { half: [0, 0, 0] } };
  const pool = threadExecutor({ threads: 1 });
  const { rows } = await crossValidate(x, grid, { ...options, executor: pool });
  await pool.close();
  const queue = bullmqExecutor({ connection: { host: "127.0.0.1", port: 1 } });
  const unreached = await crossValidate(x, grid, { ...options, executor: queue }).catch(refusal);
  console.log(JSON.stringify([
    cpAls(x, 1).relativeError < 1e-12, svg.slice(0, 4), damaged, rows.length > 0, unreached,
    toTfjs(tensor([2], [1, 2])).shape,
  ]));
  process.exit(0);
})();`,
] as const;

/**
 * Calls whose peers are not installed: where each error comes from, whether it is an LtrnnError, and names the peer.
 */
export const missingPeers = [
  {
    ltrnn: ["LtrnnError", "lineFigure"],
    "ltrnn/vega": ["toSvg"],
    "ltrnn/hdf5": ["readHdf5"],
    "ltrnn/bullmq": ["bullmqExecutor", "bullmqWorker"],
  },
  `
const hdf5 = new Uint8Array([0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a]);
const told = (name, call) => call().then(
  () => "no error",
  (error) => [error.where, error instanceof LtrnnError, error.fix.includes("npm install " + name)],
);
(async () => console.log(JSON.stringify([
  await told("vega", () => toSvg(lineFigure([{ x: [0, 1], y: [1, 2] }]))),
  await told("h5wasm", () => readHdf5(hdf5)),
  await told("bullmq", () => bullmqWorker()),
  await told("@tensorflow/tfjs-core", async () => load("ltrnn/tfjs")),
  await told("bullmq", async () => { for await (const row of bullmqExecutor().run([], { data: {} })) return row; }),
])))();`,
] as const;
