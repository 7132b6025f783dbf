import { expect, test } from "vitest";
import { pseudoInverse } from "../../src/linalg";
import { matmul, transpose, zeros } from "../../src/tensor";
import { factorPosterior } from "../../src/uncertainty/factor-posterior";
import { close } from "../support/close";
import { sweep } from "../support/sweep";

test("the posterior of factors and of what trials share is that of dense algebra", () =>
  sweep((d) => {
    const trials = d.int(2, 5),
      rank = d.int(1, 3),
      own = d.int(1, 4),
      local = d.int(0, 4),
      count = local === 0 ? 0 : local + d.int(0, 3),
      variance = 0.3,
      width = rank + local;
    const prior = {
      design: d.normal([trials, own]),
      precision: Float64Array.from({ length: own }, () => d.int(0, 1) + 0.01),
    };
    const places = Array.from({ length: trials }, () => d.shuffled([...Array(count).keys()]).slice(0, local)),
      theta = d.normal([own, rank]),
      products = zeros([trials, width, width]),
      score = d.normal([trials, width]);
    const size = own * rank + count,
      whole = zeros([size, size]),
      slope = zeros([size, 1]);
    for (let i = 0; i < size; i++)
      whole.data[i * (size + 1)] = i < own * rank ? prior.precision[Math.floor(i / rank)] : 1;
    for (let i = 0; i < own * rank; i++) slope.data[i] = -prior.precision[Math.floor(i / rank)] * theta.data[i];
    for (let k = 0; k < trials; k++) {
      const jacobian = d.normal([width + 2, width]),
        block = matmul(transpose(jacobian), jacobian);
      products.data.set(block.data, k * width * width);
      // what each parameter does to the trial's tangents
      const map = zeros([width, size]);
      for (let r = 0; r < rank; r++)
        for (let i = 0; i < own; i++) map.data[r * size + i * rank + r] = prior.design.data[k * own + i];
      places[k].forEach((place, e) => {
        map.data[(rank + e) * size + own * rank + place] = 1;
      });
      const added = matmul(transpose(map), matmul(block, map));
      for (let i = 0; i < size * size; i++) whole.data[i] += added.data[i] / variance;
      const pulled = matmul(transpose(map), { shape: [width, 1], data: score.data.slice(k * width, (k + 1) * width) });
      for (let i = 0; i < size; i++) slope.data[i] += pulled.data[i] / variance;
    }
    const inverse = pseudoInverse(whole),
      step = matmul(inverse, slope),
      posterior = factorPosterior("test", prior, { products, score, squares: 0 }, theta, variance, {
        count,
        indices: (k) => places[k],
      });
    close(posterior.step, { shape: [own, rank], data: step.data.slice(0, own * rank) }, 1e-8);
    const fall = step.data.reduce((sum, x, i) => sum + x * slope.data[i], 0) / 2;
    expect(Math.abs(posterior.fall / fall - 1)).toBeLessThan(1e-8);
    const covariances = zeros([trials, rank, rank]);
    for (let k = 0; k < trials; k++)
      for (let r = 0; r < rank; r++)
        for (let s = 0; s < rank; s++)
          for (let i = 0; i < own; i++)
            for (let j = 0; j < own; j++)
              covariances.data[(k * rank + r) * rank + s] +=
                prior.design.data[k * own + i] *
                inverse.data[(i * rank + r) * size + j * rank + s] *
                prior.design.data[k * own + j];
    close(posterior.covariances(), covariances, 1e-8);
  }, 40));
