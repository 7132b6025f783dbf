/**
 * A network that learned the 3-bit flip-flop holds each of its 8 memories in a stable fixed point, as Sussillo & Barak
 * (2013) found: `npm run build && npx tsx examples/flip-flop-fixed-points.ts`. The budget of training is that of
 * docs/tasks.md.
 */
import {
  FullRankRNN,
  adam,
  fixedPoints,
  flipFlop,
  last,
  networkObjective,
  simulate,
  slice,
  taskScore,
  tensor,
  train,
} from "ltrnn";

console.log("| seed | variance explained | stable | their memories | others | searches that ended at rest |");
console.log(`|${"---|".repeat(6)}`);
for (const seed of [1, 2, 3]) {
  const fresh = flipFlop({ seed: 1000 + seed }),
    start = FullRankRNN.random({ units: 64, inputs: 3, outputs: 3, tau: 0.2 }, seed),
    objective = networkObjective(start, (step) => flipFlop({ seed: 10_000 * seed + step }).batch, { dt: fresh.dt });
  const { params } = await last(train(objective, start.params, { optimizer: adam(3e-3), steps: 400 })),
    model = start.with({ params }),
    { outputs, states } = simulate(model, fresh.batch.inputs, { dt: fresh.dt });
  // half of the searches begin where trials went
  const [trials, steps, units] = states.shape,
    from = slice(tensor([trials * steps, units], states.data), [[0, 200]]),
    { points, searches } = fixedPoints(model, { starts: 200, from, seed }),
    stable = points.filter(({ stability }) => stability === "stable");
  const { readout, readoutBias } = model.params,
    memories = stable.map(({ state }) =>
      [0, 1, 2].map((bit) => {
        let y = readoutBias?.data[bit] ?? 0;
        state.data.forEach((x, i) => {
          y += (readout?.data[bit * units + i] ?? 0) * Math.tanh(x);
        });
        return y > 0 ? "+" : "-";
      }),
    );
  const score = taskScore(fresh, outputs);
  const cells = [
    seed,
    score.toFixed(3),
    stable.length,
    [...new Set(memories.map((bits) => bits.join("")))].sort().join(" "),
    points.length - stable.length,
    `${searches.fixed} of ${searches.fixed + searches.slow + searches.exhausted}`,
  ];
  console.log(`| ${cells.join(" | ")} |`);
}
