/**
 * Every task at its default size: learned from scratch by one run, and a training step beside PyTorch's, float32, on
 * the same trials. Fails where a task misses its criterion or its budget.
 */
import { adam, networkObjective, train, type Params, type Tensor } from "ltrnn";
import { Peer } from "./peer";
import { row as printRow } from "./row";
import { learn, setUp, taskCriteria, type TaskCriterion } from "./task-criteria";

export async function tasks(peak: number, rounds: number): Promise<void> {
  for (const row of taskCriteria) {
    const { reached, updates, seconds, score } = await learn(row),
      trouble = !reached ? "  NOT REACHED" : seconds > row.seconds ? "  TOO SLOW" : "";
    if (trouble) process.exitCode = 1;
    console.log(
      `${row.name.padEnd(36)} ${row.measure} ${score.toFixed(4)} (at least ${row.criterion}) after ` +
        `${updates} updates (at most ${row.updates}), ` +
        `${seconds.toFixed(1)} s (at most ${row.seconds})${trouble}`,
    );
  }
  for (const row of taskCriteria) await trainingStep(row, peak, rounds);
}

async function trainingStep(row: TaskCriterion, peak: number, rounds: number): Promise<void> {
  const { trials, batchOf, naive, options } = setUp(row),
    batch = batchOf(trials),
    params = naive.params as Params,
    [count, steps, inputs] = batch.inputs.shape,
    { units } = naive,
    rate = 1e-5; // small, so that rounding does not drive the two runs apart
  const steppedBy = train(networkObjective(naive, batch, { ...options, precision: "float32" }), params, {
    optimizer: adam(rate),
    steps: 1_000_000,
    every: 1,
  });
  const peer = await Peer.start("torch_tasks.py");
  await peer?.load("training", { ...params, ...batch } as unknown as Record<string, Tensor>, {
    params: Object.keys(params),
    rate,
    alpha: trials.dt / (naive.setting.tau as number),
    phi: naive.setting.phi,
    plant: options.plant?.description ?? null,
  });
  await printRow(
    {
      work: `${row.name}: N = ${units}, K = ${count}, T = ${steps}, a step`,
      target: 1,
      rounds,
      flops: (6 * count * steps * units * (units + inputs + naive.params.readout!.shape[0])) / 1e9,
      peak,
      agreement: 1e-4,
      inARow: 3,
    },
    async () => {
      const from = performance.now(),
        { value } = await steppedBy.next();
      return { ms: performance.now() - from, value: value!.loss };
    },
    peer,
  );
  await steppedBy.return(undefined);
  peer?.stop();
}
