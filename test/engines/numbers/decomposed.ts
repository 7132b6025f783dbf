import type { Library, Results } from "../public-numbers";
import { drawing, maskOf } from "./data";

/** CP and Tucker decompositions, by every way to compute them, and what is said of them. */
export function decomposed(ltrnn: Library): Results {
  const draw = drawing(ltrnn),
    shape = [9, 8, 10] as const;
  const planted = ltrnn.cpToTensor({
    weights: ltrnn.tensor([3], [3, 2, 1]),
    factors: [draw("rows", [9, 3]), draw("columns", [8, 3]), draw("tubes", [10, 3])],
  });
  const noise = draw("residual", shape, 0.05),
    x = ltrnn.tensor(
      shape,
      planted.data.map((value, index) => value + noise.data[index]),
    ),
    mask = maskOf(ltrnn, shape, 7);
  const counted = ltrnn.tensor(
    x.shape,
    x.data.map((value) => Math.round(2 * Math.abs(value))),
  );
  const positive = ltrnn.tensor(
    shape,
    x.data.map((value) => Math.abs(value)),
  );
  const sparse = ltrnn.tensor(
    shape,
    x.data.map((value, index) => (index % 9 === 0 ? value : 0)),
  );
  const cp = ltrnn.cpAls(x, 3, { seed: 1, starts: 4 });
  return {
    cpAls: cp,
    "cpAls, hosvd start, not compressed": ltrnn.cpAls(x, 2, {
      start: "hosvd",
      method: { compress: false },
      sweeps: 12,
    }),
    "cpAls, random start, ridge, not accelerated": ltrnn.cpAls(x, 4, {
      start: "random",
      seed: 5,
      method: { ridge: 0.01, accelerate: false },
      sweeps: 12,
    }),
    "cpAls, mask, exact": ltrnn.cpAls(x, 2, { seed: 2, mask, missing: "exact", sweeps: 12 }),
    "cpAls, mask and compression": ltrnn.cpAls(x, 2, { seed: 2, mask, sweeps: 6, method: { compress: true } }),
    "cpAls, mask and constraints": ltrnn.cpAls(x, 2, {
      seed: 2,
      mask,
      sweeps: 6,
      constraints: [ltrnn.nonNegative({ exact: true }), ltrnn.smoothAlong(0.1), ltrnn.orthogonal()],
    }),
    "cpAls, mask, imputed": ltrnn.cpAls(x, 2, { seed: 2, mask, missing: "impute", sweeps: 12 }),
    "cpAls, constraints": ltrnn.cpAls(positive, 2, {
      seed: 3,
      sweeps: 12,
      constraints: [ltrnn.nonNegative(), ltrnn.ridgePenalty(0.1), ltrnn.smoothAlong(0.5)],
    }),
    "cpAls, orthogonal": ltrnn.cpAls(x, 2, { seed: 4, sweeps: 12, constraints: [ltrnn.orthogonal()] }),
    "cpAls, from its provenance": ltrnn.cpAls(x, 3, ltrnn.cpOptionsFrom(cp.provenance)),
    constraintFrom: ltrnn.cpAls(x, 2, {
      seed: 4,
      sweeps: 5,
      constraints: [
        ltrnn.constraintFrom({ kind: "orthogonal" }),
        ltrnn.constraintFrom({ kind: "smoothAlong", strength: 2 }),
      ],
    }),
    startCp: (["random", "hosvd", "nndsvd"] as const).flatMap((kind) => [
      ltrnn.startCp(x, 3, { kind, seed: 2 }),
      ltrnn.startCp(x, 3, { kind, mask }),
    ]),
    "cpAls, mask, non-negative start": ltrnn.cpAls(positive, 2, { start: "nndsvd", mask, sweeps: 6 }),
    "cpAls, of two and four modes": [
      ltrnn.cpAls(ltrnn.unfold(x, 0), 2, { seed: 1, sweeps: 12 }),
      ltrnn.cpAls(ltrnn.tensor([3, 3, 8, 10], x.data), 2, { seed: 1, sweeps: 12 }),
    ],
    "cpAlsSweeps, every sweep": [...ltrnn.cpAlsSweeps(x, 2, { seed: 6, sweeps: 6, starts: 2 })],
    "products of tensors": [
      ltrnn.kronecker([cp.factors[0], cp.factors[1]]),
      ltrnn.outer([cp.weights, cp.factors[0]]),
      ltrnn.inner(x, planted),
      ltrnn.tensordot(x, planted, [
        [0, 2],
        [0, 2],
      ]),
      ltrnn.multiModeProduct(x, [ltrnn.transpose(cp.factors[0]), null, null]),
      ltrnn.unfoldModes(x, [2, 0]),
    ],
    "algebra of records": [
      ltrnn.cpNorm(cp),
      ltrnn.cpModeProduct(cp, ltrnn.transpose(cp.factors[0]), 0),
      ltrnn.cpGradient(x, cp),
      ltrnn.cpInner(cp, x),
      ltrnn.randomCp([4, 5, 3], 2, { seed: 3, orthogonal: true, norm: 2 }),
      ltrnn.randomTucker([4, 5, 3], [2, 1, 2], { seed: 3, entries: "uniform" }),
      ltrnn.addNoise(x, 0.1, { seed: 4 }),
      ltrnn.cpEntries(cp, ltrnn.sparseOf(sparse).coordinates),
      ltrnn.distributeWeights(cp, { to: "evenly", norm: "l1" }),
      ltrnn.cpSum([cp, ltrnn.selectComponents(cp, [2, 0])]),
      ltrnn.tuckerNormalize(ltrnn.tucker(x, [2, 2, 2]), { columns: "orthonormal" }),
      ltrnn.tuckerNorm(ltrnn.tucker(x, [2, 2, 2])),
      ltrnn.tuckerModeProduct(ltrnn.tucker(x, [2, 2, 2]), ltrnn.transpose(cp.factors[0]), 0),
      ltrnn.tuckerGradient(x, ltrnn.tucker(x, [2, 2, 2])),
    ],
    tucker: [ltrnn.tucker(x, [3, 3, 3]), ltrnn.tucker(x, [2, 8, 4], { sweeps: 5 })],
    hosvd: [ltrnn.hosvd(x, [3, 3, 3]), ltrnn.hosvd(x, { relativeError: 0.2 })],
    sthosvd: [
      ltrnn.sthosvd(x, [3, 2, 4]),
      ltrnn.sthosvd(x, { relativeError: 0.1 }),
      ltrnn.sthosvd(x, [2, 2, 2], { seed: 3, sketch: { oversampling: 2, powers: 1 } }),
    ],
    nonNegativeTucker: [
      ltrnn.nonNegativeTucker(counted, [2, 2, 2], { sweeps: 8, starts: 2, seed: 1 }),
      ltrnn.nonNegativeTucker(counted, [2, null, 2], { sweeps: 8, mask }),
      [...ltrnn.nonNegativeTuckerSweeps(counted, [1, 2, 1], { sweeps: 3, start: "random" })],
    ],
    "tucker, starts and a mask": [
      ltrnn.tucker(x, [2, 3, null], { starts: 3, seed: 2, sweeps: 6 }),
      ltrnn.tucker(x, [2, 2, 2], { mask, sweeps: 6 }),
    ],
    "tuckerSweeps, every sweep": [...ltrnn.tuckerSweeps(x, [2, 2, 2], { start: "random", seed: 4, sweeps: 4 })],
    tuckerStream: streamed(ltrnn),
    tuckerToTensor: ltrnn.tuckerToTensor(ltrnn.tucker(x, [2, 2, 2])),
    ...ragged(ltrnn),
    ...generalized(ltrnn, x, mask),
    coupledCp: ltrnn.coupledCp([x, ltrnn.unfold(x, 1)], [1, 0], 2, { seed: 1, sweeps: 20, masks: [mask, undefined] }),
    coupledCpSweeps: [...ltrnn.coupledCpSweeps([x], [2], 2, { starts: 1, sweeps: 4 })],
    cpAlsSparse: ltrnn.cpAlsSparse(ltrnn.sparseOf(sparse), 2, { starts: 3, sweeps: 20 }),
    cpPoissonSparse: ltrnn.cpPoissonSparse(ltrnn.sparseOf(counted), 2, { starts: 2, steps: 12 }),
    cpPoissonSparseSteps: [...ltrnn.cpPoissonSparseSteps(ltrnn.sparseOf(counted), 1, { steps: 4 })],
    cpAlsSparseSweeps: [...ltrnn.cpAlsSparseSweeps(ltrnn.sparseOf(sparse), 2, { starts: 2, sweeps: 4 })],
    "products of sparse tensors": [
      ltrnn.sparseContract(ltrnn.sparseOf(sparse), [null, ltrnn.tensor([8], cp.factors[1].data.slice(0, 8)), null]),
      ltrnn.sparseInner(ltrnn.sparseOf(sparse), cp),
      ltrnn.sparseMttkrp(ltrnn.sparseOf(sparse), cp.factors, 1),
      ltrnn.sparseFrom([2, 2], Int32Array.of(1, 1, 0, 1, 1, 1), Float64Array.of(1, 2, 3)),
    ],
    sparseToTensor: ltrnn.sparseToTensor(ltrnn.sparseOf(sparse)),
    sliceTca: ltrnn.sliceTca(x, [1, 2, 1], { seed: 1, sweeps: 20 }),
    "sliceTca, mask": ltrnn.sliceTca(x, [1, 1, 0], { mask, sweeps: 10 }),
    "sliceTca, non-negative": ltrnn.sliceTca(positive, [1, 1, 0], { nonNegative: true, sweeps: 10 }),
    sliceTcaPoisson: ltrnn.sliceTcaPoisson(counted, [1, 0, 1], { mask, starts: 2, steps: 10, ridge: 0.1 }),
    sliceTcaPoissonSteps: [...ltrnn.sliceTcaPoissonSteps(counted, [1, 1, 0], { steps: 4 })],
    "sliceTca, four modes": ltrnn.sliceTca(ltrnn.tensor([3, 3, 8, 10], x.data), [1, 0, 1, 1], { starts: 1, sweeps: 6 }),
    sliceTcaRates: ltrnn.sliceTcaRates(ltrnn.sliceTcaPoisson(counted, [0, 1, 1], { steps: 5 })),
    sliceTcaSweeps: [...ltrnn.sliceTcaSweeps(x, [1, 0, 1], { sweeps: 4 })],
    sliceTcaToTensor: ltrnn.sliceTcaToTensor(ltrnn.sliceTca(x, [0, 1, 1], { starts: 1, sweeps: 5 })),
    "cpAls, proximal constraints": [
      [ltrnn.l1Penalty(0.3), ltrnn.unitNorm(), ltrnn.unimodal()],
      [ltrnn.simplex(), ltrnn.monotone("falling"), ltrnn.l2Penalty(0.3)],
      [ltrnn.softSparsity(1), ltrnn.hardSparsity(4), ltrnn.nonNegative({ exact: true })],
      [ltrnn.box({ least: 0, most: 1 }), ltrnn.l2Ball(1), ltrnn.totalVariation(0.2, { l1: 0.1 })],
    ].map((constraints) => ltrnn.cpAls(positive, 2, { seed: 3, sweeps: 5, constraints })),
    proximal: ltrnn.proximal({ kind: "unimodal" }, draw("proximal", [9, 3])),
    ...largerTensors(ltrnn),
    ...diagnosed(ltrnn, x, cp, ltrnn.cpAls(x, 3, { seed: 8, start: "random", starts: 1, sweeps: 4 })),
  };
}

/** Trials of different lengths. */
function ragged(ltrnn: Library): Results {
  const draw = drawing(ltrnn),
    trials = [5, 8, 6, 9].map((bins, k) => draw(`trial ${k}`, [bins, 6])),
    counts = trials.map(({ shape, data }) =>
      ltrnn.tensor(
        shape,
        data.map((value) => Math.round(3 * Math.abs(value))),
      ),
    ),
    found = ltrnn.parafac2(trials, 2, { seed: 1, sweeps: 20, starts: 3 });
  return {
    parafac2: found,
    "parafac2, mask, smooth, non-negative": ltrnn.parafac2(trials, 2, {
      mask: trials.map(({ shape }) => maskOf(ltrnn, shape as readonly [number, number], 5)),
      shortestPeriod: 4,
      constraints: { units: ltrnn.nonNegative() },
      sweeps: 10,
    }),
    parafac2Sweeps: [...ltrnn.parafac2Sweeps(trials, 2, { starts: 1, sweeps: 4 })],
    "parafac2Poisson, mask, smooth": ltrnn.parafac2Poisson(counts, 2, {
      mask: trials.map(({ shape }) => maskOf(ltrnn, shape as readonly [number, number], 5)),
      shortestPeriod: 4,
      ridge: 0.1,
      sweeps: 10,
    }),
    parafac2PoissonSweeps: [...ltrnn.parafac2PoissonSweeps(counts, 2, { starts: 1, sweeps: 4 })],
    parafac2Rates: ltrnn.parafac2Rates(ltrnn.parafac2Poisson(counts, 1, { starts: 2, sweeps: 10 })),
    "evolvingFactors, parafac2ToTrials": [ltrnn.evolvingFactors(found), ltrnn.parafac2ToTrials(found)],
  };
}

/** Generalized CP, by all entries and by samples, and its losses. */
function generalized(ltrnn: Library, x: Parameters<Library["gcp"]>[0], mask: Parameters<Library["gcp"]>[0]): Results {
  const draw = drawing(ltrnn),
    counts = ltrnn.tensor(
      x.shape,
      x.data.map((value) => Math.round(Math.abs(value))),
    ),
    events = ltrnn.tensor(
      x.shape,
      counts.data.map((count) => Math.min(1, count)),
    ),
    factors = [9, 8, 10].map((size, mode) => {
      const { shape, data } = draw(`g${mode}`, [size, 2]);
      return ltrnn.tensor(shape, data.map(Math.abs));
    });
  return {
    gcp: ltrnn.gcp(counts, 2, { loss: "poisson", seed: 1, steps: 15, mask }),
    "gcp, logarithm, bounds, penalties": ltrnn.gcp(counts, 2, {
      loss: "poissonLog",
      steps: 8,
      bounds: [{ least: -1, most: 1 }],
      penalties: { ridge: 0.1, smooth: [1] },
    }),
    "gcp, samples": ltrnn.gcp(counts, 2, {
      loss: "gamma",
      steps: 2,
      method: { solver: "adam", epoch: 10, samples: 40 },
    }),
    "gcp, several starts": ltrnn.gcp(counts, 2, { loss: "poisson", starts: 3, steps: 14 }),
    "gcp, from its provenance": ltrnn.gcp(
      counts,
      2,
      ltrnn.gcpOptionsFrom(ltrnn.gcp(counts, 2, { loss: "poissonLog", start: "hosvd", steps: 4 }).provenance),
    ),
    gcpGradient: ltrnn.gcpGradient(x, [draw("g0", [9, 2]), draw("g1", [8, 2]), draw("g2", [10, 2])]),
    "gcpGradient of counts": (["poisson", "poissonLog", "negativeBinomial"] as const).map((kind) =>
      ltrnn.gcpGradient(counts, factors, { loss: kind === "negativeBinomial" ? { kind, failures: 2.5 } : kind, mask }),
    ),
    "gcpGradient of events": (["bernoulli", "bernoulliLogit"] as const).map((loss) =>
      ltrnn.gcpGradient(events, factors, { loss, mask }),
    ),
    gcpSteps: [...ltrnn.gcpSteps(x, 2, { loss: { kind: "huber", threshold: 1 }, steps: 4 })],
    gcpLoss: (["bernoulli", "bernoulliLogit", "gamma"] as const).map((name) => {
      const { value, derivative } = ltrnn.gcpLoss(name);
      return [value(1, 0.3), derivative(1, 0.3)];
    }),
  };
}

/** Slices of random directions, compressed one after the other. */
function streamed(ltrnn: Library) {
  const draw = drawing(ltrnn),
    stream = ltrnn.tuckerStream([9, 8], { relativeError: 0.2 });
  return [0, 1, 2, 3].map((k) => [stream.append(draw(`slice ${k}`, [9, 8])), stream.result()]);
}

/** Sizes that fill the kernels' blocks and leave rows over. */
function largerTensors(ltrnn: Library): Results {
  const draw = drawing(ltrnn),
    shape = [31, 22, 37] as const;
  const planted = ltrnn.cpToTensor({
    weights: ltrnn.tensor([5], [5, 4, 3, 2, 1]),
    factors: shape.map((size, mode) => draw(`larger ${mode}`, [size, 5])),
  });
  const noise = draw("larger residual", shape, 0.1),
    x = ltrnn.tensor(
      shape,
      planted.data.map((value, index) => value + noise.data[index]),
    );
  return {
    "cpAls, larger": ltrnn.cpAls(x, 5, { seed: 1, starts: 3, sweeps: 30 }),
    "cpAls, larger, mask": ltrnn.cpAls(x, 5, { seed: 1, starts: 1, mask: maskOf(ltrnn, shape, 5), sweeps: 6 }),
    "tucker, larger": ltrnn.tucker(x, [5, 6, 7]),
    "mttkrp, larger": shape.map((_, mode) =>
      ltrnn.mttkrp(
        x,
        shape.map((size, other) => draw(`f ${other}`, [size, 9])),
        mode,
      ),
    ),
  };
}

type Cp = Parameters<Library["cpToTensor"]>[0];

function diagnosed(ltrnn: Library, x: ReturnType<Library["zeros"]>, cp: Cp, other: Cp): Results {
  return {
    cpToTensor: ltrnn.cpToTensor(cp),
    canonical: ltrnn.canonical(cp),
    cpArrays: [ltrnn.cpToArrays(cp, "tensorly"), ltrnn.cpFromArrays(ltrnn.cpToArrays(cp, "tensortools"))],
    transform: ltrnn.transform(
      cp,
      ltrnn.slice(x, [
        [0, 9],
        [0, 8],
        [0, 4],
      ]),
      2,
    ),
    coreConsistency: [
      ltrnn.coreConsistency(x, cp),
      ltrnn.coreConsistency(x, cp, undefined, { normalized: true }),
      ltrnn.coreConsistency(x, cp, maskOf(ltrnn, [9, 8, 10], 5)),
    ],
    congruenceMatrix: ltrnn.congruenceMatrix(cp),
    componentVariance: [ltrnn.componentVariance(x, cp), ltrnn.componentVariance(x, cp, maskOf(ltrnn, [9, 8, 10], 5))],
    leverage: cp.factors.map(ltrnn.leverage),
    cpDegeneracy: ltrnn.cpDegeneracy(cp),
    factorMatchScore: [
      ltrnn.factorMatchScore(cp, other),
      ltrnn.factorMatchScore(cp, other, { weights: true, signed: true }),
    ],
    matchComponents: [ltrnn.matchComponents(cp, other), ltrnn.matchComponents(cp, ltrnn.cpAls(x, 2, { sweeps: 3 }))],
    alignComponents: ltrnn.alignComponents(cp, other),
    cpEquivalent: [ltrnn.cpEquivalent(cp, other), ltrnn.cpEquivalent(cp, ltrnn.canonical(cp))],
    correlationIndex: (["stacked", "mean", "least", "most"] as const).map((by) =>
      ltrnn.correlationIndex(cp, other, { by }),
    ),
    resolveSigns: [ltrnn.resolveSigns(x, cp), ltrnn.resolveSigns(x, cp, maskOf(ltrnn, [9, 8, 10], 5))],
    sliceErrors: [0, 1, 2].map((mode) => ltrnn.sliceErrors(x, cp, mode)),
  };
}
