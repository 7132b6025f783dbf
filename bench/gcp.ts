/**
 * Gradients of generalized CP with the loss of counts, beside numpy's. Both take all entries of the model, their
 * derivatives, and products of these with the factors: numpy by BLAS, with a logarithm and a quotient for every entry.
 * Ours lists where counts are not 0, once for a run, takes quotients there only (elsewhere the derivative is 1), and
 * sums logarithms as those of products. The second row of each size makes this list too.
 */
import { cpToTensor, gcpGradient, random, tensor, type Matrix, type Tensor } from "ltrnn";
import { gcpProblem } from "../src/gcp/gcp-problem";
import { readGcpLoss } from "../src/gcp/loss-from";
import { sampledGradient } from "../src/gcp/sampled-gradient";
import { Peer } from "./peer";
import { row } from "./row";

export async function gcp(peak: number, rounds: number): Promise<void> {
  for (const { shape, rank } of [
    { shape: [60, 50, 80], rank: 3 },
    { shape: [200, 200, 250], rank: 5 },
    { shape: [200, 200, 250], rank: 10 },
  ]) {
    const { uniform } = random(1, "gcp bench"),
      drawn = (): Matrix[] =>
        shape.map((n) =>
          tensor(
            [n, rank],
            Float64Array.from({ length: n * rank }, () => 0.2 + uniform()),
          ),
        ),
      x: Tensor = cpToTensor({ weights: tensor([rank], new Float64Array(rank).fill(1 / rank)), factors: drawn() });
    for (let i = 0; i < x.data.length; i++) {
      let count = 0;
      for (let p = uniform(), limit = Math.exp(-x.data[i]); p > limit; p *= uniform()) count++;
      x.data[i] = count;
    }
    const factors = drawn(),
      peer = await Peer.start("numpy_gcp.py");
    const samples = Math.max(1000, 4 * shape.reduce((sum, size) => sum + size, 0)), // as gcp does
      load = (what: string) =>
        peer?.load(
          what,
          { x, ...Object.fromEntries(factors.map((f, mode) => [`factor${mode}`, f])) },
          { modes: shape.length, samples },
        );
    await load("gcp");
    const problem = gcpProblem({
        where: "gcp",
        x,
        mask: undefined,
        loss: readGcpLoss("bench", "poisson"),
        rank,
        penalties: { ridge: 0, smooth: shape.map(() => 0) },
        boundsOfModes: [],
        again: true,
      }),
      variables = Float64Array.from(factors.flatMap(({ data }) => [...data])),
      work = `Poisson, ${shape.join(" x ")}, R = ${rank}`,
      base = {
        rounds,
        flops: (6 * x.data.length * rank) / 1e9, // the model, and two products
        peak: peak / 2,
        agreement: 1e-9,
      },
      timed = (loss: () => number) => async () => {
        const from = performance.now(),
          value = loss();
        return { ms: performance.now() - from, value };
      };
    await row(
      { ...base, work: `GCP gradient in a run, ${work}`, target: 0.5 },
      timed(() => problem.evaluate(variables).loss),
      peer,
    );
    await row(
      { ...base, work: `gcpGradient, which checks x, ${work}` },
      timed(() => gcpGradient(x, factors, { loss: "poisson" }).loss),
      peer,
    );
    await load("sampled");
    const gradientAt = sampledGradient(problem, { sampling: "uniform", samples }),
      stream = random(1, "samples");
    await row(
      {
        work: `GCP gradient of ${samples} samples, ${work}`,
        rounds,
        flops: (3 * shape.length * samples * rank) / 1e9,
        peak: peak / 2,
      },
      timed(() => gradientAt(variables, stream)[0]),
      peer,
    );
    peer?.stop();
  }
}
