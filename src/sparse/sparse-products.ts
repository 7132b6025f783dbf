import { fail, isRecord, show } from "../base";
import { checkRange, cpEntries, type Cp } from "../factored";
import { checkFinite, checkTensor, shapeText, type Vector } from "../tensor";
import { addedUp, checkSparse, type SparseTensor } from "./sparse-tensor";

/**
 * Contract a sparse tensor with a vector in each mode where one is given. Vectors of ones give sums over these modes,
 * such as the spikes of every neuron in every bin over all trials.
 *
 * @param vectors - one per mode of x, (size), or null for a mode that stays; one at least stays
 * @throws {@link LtrnnError} when x is not a sparse tensor, or vectors do not fit it
 * @remarks O(listed entries · (modes + log listed entries)).
 * @see Bader & Kolda (2008), Efficient MATLAB computations with sparse and factored tensors, SIAM J. Sci. Comput. 30,
 * section 3.2
 * @example sparseContract(sparseOf(tensor([2, 2], [0, 3, 0, 4])), [tensor([2], [1, 10]), null]).values
 * // Float64Array [43]
 */
export function sparseContract(x: SparseTensor, vectors: readonly (Vector | null)[]): SparseTensor {
  const where = "sparseContract";
  checkSparse(where, x);
  const { shape, coordinates, values } = x,
    modes = shape.length;
  if (!Array.isArray(vectors) || vectors.length !== modes || vectors.every((vector) => vector !== null))
    fail(where, {
      expected: `${modes} vectors, one per mode, null for one mode or more that stay`,
      got: Array.isArray(vectors) ? String(vectors.length) : show(vectors),
      fix: "The inner product with vectors of all modes is sparseInner with a CP decomposition of one component.",
    });
  const list = Array.from(vectors as readonly (Vector | null)[]);
  for (const [mode, vector] of list.entries()) {
    if (vector === null) continue;
    checkTensor(where, `vector ${mode}`, vector, 1);
    checkFinite(where, `vector ${mode}`, vector);
    if (vector.shape[0] !== shape[mode])
      fail(where, {
        expected: `${shape[mode]} entries for mode ${mode}`,
        got: String(vector.shape[0]),
        fix: "Give every vector to the mode it belongs to.",
      });
  }
  const kept = [...shape.keys()].filter((mode) => list[mode] === null),
    places = new Int32Array(values.length * kept.length),
    products = values.slice();
  for (let entry = 0, to = 0; entry < values.length; entry++)
    for (let mode = 0; mode < modes; mode++) {
      const index = coordinates[entry * modes + mode],
        vector = list[mode];
      if (vector) products[entry] *= vector.data[index];
      else places[to++] = index;
    }
  const out = addedUp(
    kept.map((mode) => shape[mode]),
    places,
    products,
  );
  checkRange(where, "values", out.values);
  return out;
}

/**
 * The inner product of a sparse tensor with another one, or with a CP decomposition, over the listed entries.
 *
 * @throws {@link LtrnnError} when shapes differ, or the product would leave the range of doubles
 * @remarks O(listed entries · modes), times the rank beside a CP decomposition.
 * @example sparseInner(sparseOf(tensor([2], [2, 0])), { weights: tensor([1], [3]), factors: [tensor([2, 1], [5, 7])] })
 * // 30
 */
export function sparseInner(x: SparseTensor, other: SparseTensor | Cp): number {
  const where = "sparseInner";
  checkSparse(where, x);
  const sum = isRecord(other) && "factors" in other ? withModel(x, other as Cp) : withSparse(x, other as SparseTensor);
  checkRange(where, "the inner product", Float64Array.of(sum));
  return sum;
}

function refuseShape(want: readonly number[], got: readonly number[]): void {
  if (want.join() === got.join()) return;
  fail("sparseInner", {
    expected: `other of shape ${shapeText(want)}, as x`,
    got: shapeText(got),
    fix: "Take tensors of one shape.",
  });
}

function withModel({ shape, coordinates, values }: SparseTensor, cp: Cp): number {
  const none = cpEntries(cp, new Int32Array(0)); // refuses what is not a decomposition
  refuseShape(
    shape,
    cp.factors.map((f) => f.shape[0]),
  );
  const model = values.length === 0 ? none : cpEntries(cp, coordinates);
  return values.reduce((sum, value, entry) => sum + value * model[entry], 0);
}

function withSparse(x: SparseTensor, other: SparseTensor): number {
  checkSparse("sparseInner", other);
  refuseShape(x.shape, other.shape);
  const [a, b] = [x, other].map(placesOf),
    known = new Map(Array.from(b, (place, entry) => [place, other.values[entry]] as const));
  return x.values.reduce((sum, value, entry) => sum + value * (known.get(a[entry]) ?? 0), 0);
}

const placesOf = ({ shape, coordinates, values }: SparseTensor): Float64Array =>
  Float64Array.from(values, (_, entry) =>
    shape.reduce((place, size, mode) => place * size + coordinates[entry * shape.length + mode], 0),
  );
