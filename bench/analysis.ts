/**
 * Fixed points of networks of low rank, one trial and a hundred, and eigenvalues of 200 units: `npm run bench --
 * analysis`.
 */
import { LowRankRNN, LowTensorRankRNN, allFixedPoints, eigen, followFixedPoints, random, tensor, zeros } from "ltrnn";
import { median } from "./median";

const units = 200,
  trials = 100,
  input = tensor([1], [1]);

function measure(what: string, rounds: number, run: () => string): void {
  let said = "";
  const times = Array.from({ length: rounds }, () => {
    const begun = performance.now();
    said = run();
    return performance.now() - begun;
  });
  console.log(`${what.padEnd(60)} ${median(times).toFixed(0).padStart(6)} ms  ${said}`);
}

for (const rank of [2, 3]) {
  const model = LowRankRNN.random({ units, inputs: 1, rank, phi: "relu" }, 1);
  measure(`all fixed points, ${units} units, rank ${rank}`, rank === 2 ? 9 : 3, () => {
    const { regions, status } = allFixedPoints(model, { input });
    return `${status}, ${regions} regions`;
  });
}
// units with thresholds that excite those like them, at a strength that walks from trial to trial
const { normal } = random(4, "units"),
  a = tensor([units, 2], Array.from({ length: 2 * units }, normal)),
  b = tensor(
    [units, 2],
    a.data.map((x) => (3 / units) * x),
  ),
  c = zeros([trials, 2]);
c.data.forEach((_, entry) => {
  c.data[entry] = (entry < 2 ? 1 : c.data[entry - 2]) + 0.05 * normal();
});
const bias = tensor([units], new Array(units).fill(-1)),
  learning = new LowTensorRankRNN({ a, b, c, bias, wIn: zeros([units, 0]), x0: zeros([1, units]) }, { phi: "relu" });
measure(`fixed points over ${trials} trials, ${units} units, rank 2`, 5, () => {
  const { status, branches, events } = followFixedPoints(learning);
  return `${status}, ${branches.length} branches, ${events.length} events`;
});
const draw = random(2, "matrix").normal,
  matrix = tensor([units, units], Array.from({ length: units * units }, draw));
measure(
  `eigenvalues and eigenvectors, ${units} × ${units}`,
  9,
  () => `spectral abscissa ${eigen(matrix).real[0].toFixed(2)}`,
);
