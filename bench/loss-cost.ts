/**
 * What losses on counts cost beyond the squared error: nanoseconds per entry for the loss and its slope, at best of 60
 * runs in turns, the table of docs/counts.md. `npm run bench -- loss-cost`.
 */
import { LowTensorRankRNN, lossAndGradient, negativeBinomialLoss, poissonLoss, random, tensor } from "../src";

const [trials, time, neurons] = [64, 40, 100],
  { normal, uniform } = random(1, "loss-cost"),
  model = LowTensorRankRNN.random({ units: neurons, inputs: 1, rank: 1, trials, tau: 4 }, 1),
  inputs = tensor([trials, time, 1], Array.from({ length: trials * time }, normal)),
  targets = tensor(
    [trials, time, neurons],
    Array.from({ length: trials * time * neurons }, () => Math.floor(3 * uniform())),
  ),
  losses = {
    "Poisson, exp": poissonLoss({ link: "exp" }),
    "Poisson, softplus": poissonLoss(),
    "negative binomial, exp": negativeBinomialLoss({ dispersion: 0.5, link: "exp" }),
    "negative binomial, softplus": negativeBinomialLoss({ dispersion: 0.5 }),
  };

/** Nanoseconds per entry of a whole gradient. */
function spent(precision: "float32" | "float64", loss?: (typeof losses)["Poisson, exp"]): number {
  const began = performance.now();
  lossAndGradient(model, { inputs, targets }, { dt: 1, precision, ...(loss ? { loss } : {}) });
  return (1e6 * (performance.now() - began)) / targets.data.length;
}

console.log("| loss | float32 | float64 |\n|---|---|---|");
for (const [name, loss] of Object.entries(losses)) {
  const cells = (["float32", "float64"] as const).map((precision) => {
    let [counted, squared] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
    for (let run = 0; run < 60; run++) {
      counted = Math.min(counted, spent(precision, loss as never));
      squared = Math.min(squared, spent(precision));
    }
    return (counted - squared).toPrecision(2);
  });
  console.log(`| ${[name, ...cells].join(" | ")} |`);
}
