/** Tucker and PARAFAC2 beside TensorLy's, and sparse ALS beside dense, in CPU time of one thread. */
import {
  cpAls,
  cpAlsSparse,
  mttkrp,
  parafac2,
  random,
  sparseMttkrp,
  sparseOf,
  sthosvd,
  tensor,
  tucker,
  tuckerToTensor,
  type Matrix,
  type Tensor,
} from "ltrnn";
import { Peer } from "./peer";
import { row, type Row, type Side } from "./row";

const cpuOf =
  (work: () => number): Side =>
  async () => {
    const begin = process.cpuUsage(),
      value = work(),
      { user, system } = process.cpuUsage(begin);
    return { ms: (user + system) / 1e3, value };
  };

const drawn = (shape: readonly number[], normal: () => number): Tensor =>
  tensor(shape, Float64Array.from({ length: shape.reduce((a, b) => a * b, 1) }, normal));

export async function tensors(peak: number, rounds: number): Promise<void> {
  const base = { rounds: Math.ceil(rounds / 2), peak: peak / 2 };
  for (const shape of [
    [100, 100, 100],
    [200, 200, 250],
  ])
    await tuckerRows(shape, 10, base);
  await raggedRow({ trials: 100, units: 100, rank: 4 }, base);
  await raggedRow({ trials: 300, units: 87, rank: 5 }, base);
  for (const size of [150, 250]) await sparseRow(size, 10, base);
}

async function tuckerRows(shape: readonly number[], rank: number, base: Pick<Row, "rounds" | "peak">): Promise<void> {
  const { normal } = random(1, "tucker bench"),
    ranks = shape.map(() => rank),
    factors = shape.map((size) => drawn([size, rank], normal) as Matrix),
    x = tuckerToTensor({ core: drawn(ranks, normal), factors });
  for (let i = 0; i < x.data.length; i++) x.data[i] += 10 * normal();
  const sweeps = 5,
    named = (work: string) => `${work}, ${shape.join(" x ")}, ranks ${rank}`,
    flops = (2 * x.data.length * rank) / 1e9;
  const peer = await Peer.start("tensorly_tensors.py");
  await peer?.load("hooi", { x }, { ranks, sweeps });
  await row(
    {
      ...base,
      work: named(`HOOI, ${sweeps} sweeps and start`),
      target: 0.5,
      flops: 3 * flops * sweeps,
      agreement: 1e-10,
    },
    cpuOf(() => tucker(x, ranks, { sweeps, tolerance: 0 }).relativeError),
    peer,
  );
  await peer?.load("sthosvd", { x }, { ranks });
  await row(
    {
      ...base,
      work: named("ST-HOSVD"),
      target: 0.3,
      flops: flops + (x.data.length * shape[0]) / 1e9,
      agreement: 1e-10,
    },
    cpuOf(() => sthosvd(x, ranks, { order: [...shape.keys()] }).relativeError),
    peer,
  );
  peer?.stop();
}

async function raggedRow(
  { trials, units, rank }: { readonly trials: number; readonly units: number; readonly rank: number },
  base: Pick<Row, "rounds" | "peak">,
): Promise<void> {
  const { normal, int } = random(2, "ragged bench"),
    a = drawn([units, rank], normal),
    list = Array.from({ length: trials }, () => {
      const bins = int(30, 60),
        course = drawn([bins, rank], normal).data,
        data = new Float64Array(bins * units);
      for (let t = 0; t < bins; t++)
        for (let j = 0; j < units; j++) {
          let sum = 0.5 * normal();
          for (let r = 0; r < rank; r++) sum += course[t * rank + r] * a.data[j * rank + r];
          data[t * units + j] = sum;
        }
      return tensor([bins, units], data);
    }),
    x = tensor(
      [list.reduce((sum, { shape }) => sum + shape[0], 0), units],
      list.flatMap(({ data }) => Array.from(data)),
    );
  let end = 0;
  const ends = list.map(({ shape }) => {
    end += shape[0];
    return end;
  });
  const sweeps = 20,
    peer = await Peer.start("tensorly_tensors.py");
  await peer?.load("parafac2", { x }, { ends, rank, sweeps });
  await row(
    {
      ...base,
      work: `PARAFAC2, ${sweeps} sweeps, ${trials} trials of 30 to 60 bins, ${units} units, R = ${rank}`,
      target: 0.3,
      flops: (4 * x.data.length * rank * sweeps) / 1e9,
    },
    cpuOf(() => parafac2(list, rank, { starts: 1, sweeps, tolerance: 0 }).relativeError),
    peer,
  );
  peer?.stop();
}

async function sparseRow(size: number, rank: number, base: Pick<Row, "rounds" | "peak">): Promise<void> {
  const { uniform } = random(3, "sparse bench"),
    x = drawn([size, size, size], () => (uniform() < 0.01 ? 1 + Math.floor(3 * uniform()) : 0)),
    start = [0, 1, 2].map(() => drawn([size, rank], uniform) as Matrix),
    sparse = sparseOf(x),
    options = {
      start: { weights: tensor([rank], new Float64Array(rank).fill(1)), factors: start },
      sweeps: 10,
      tolerance: 0,
    };
  const inAllModes = (product: (mode: number) => Matrix) =>
    cpuOf(() => start.reduce((sum, _, mode) => sum + product(mode).data[0], 0));
  await row(
    {
      ...base,
      work: `sparse MTTKRP of all modes beside dense, ${size}^3 at 1 %, R = ${rank}`,
      target: 0.1,
      flops: (9 * sparse.values.length * rank) / 1e9,
      agreement: 1e-12,
    },
    inAllModes((mode) => sparseMttkrp(sparse, start, mode)),
    { run: inAllModes((mode) => mttkrp(x, start, mode)) },
  );
  await row(
    {
      ...base,
      work: `sparse ALS beside dense, 10 sweeps, ${size}^3 at 1 %, R = ${rank}`,
      flops: (6 * sparse.values.length * rank * 10) / 1e9,
    },
    cpuOf(() => cpAlsSparse(sparse, rank, options).relativeError),
    {
      run: cpuOf(() => cpAls(x, rank, { ...options, method: { compress: false, accelerate: false } }).relativeError),
    },
  );
}
