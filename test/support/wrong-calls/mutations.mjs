// Wrong arguments, and what is right to do with them.

const tensor = (shape, data) => ({ shape, data });
const zeros = (n) => new Float64Array(n);

/** Values that hardly any argument can be; each is made anew, for a call may keep it. */
const junk = {
  undefined: () => undefined,
  null: () => null,
  true: () => true,
  NaN: () => Number.NaN,
  Infinity: () => Number.POSITIVE_INFINITY,
  "-Infinity": () => Number.NEGATIVE_INFINITY,
  "-1": () => -1,
  0: () => 0,
  0.5: () => 0.5,
  1e9: () => 1e9,
  "2 ** 40": () => 1099511627776,
  "1e308": () => 1e308,
  "5e-324": () => 5e-324,
  BigInt: () => 3n,
  "empty text": () => "",
  text: () => "text",
  "text of a number": () => "7",
  constructor: () => "constructor",
  __proto__: () => "__proto__",
  "long text": () => "x".repeat(70_000),
  symbol: () => Symbol("junk"),
  function: () => () => 0,
  class: () => class Junk {},
  "empty array": () => [],
  "array of undefined": () => [undefined],
  "array of text": () => ["a", "b"],
  "array of NaN": () => [Number.NaN, Number.NaN],
  "array of -1": () => [-1, -1],
  "array of fractions": () => [0.5, 2.5],
  "long array": () => new Array(200_000).fill(1),
  "sparse array": () => new Array(3),
  "nested arrays": () => [[1, 2], [3]],
  "empty record": () => ({}),
  "record without prototype": () => Object.assign(Object.create(null), { x: 1 }),
  date: () => new Date(0),
  map: () => new Map([[1, 2]]),
  promise: () => Promise.resolve(1),
  regexp: () => /x/,
  error: () => new Error("junk"),
  Float64Array: () => Float64Array.of(1, 2, 3),
  "Float64Array of NaN": () => Float64Array.of(Number.NaN, 1),
  Float32Array: () => Float32Array.of(1, 2, 3),
  Uint8Array: () => Uint8Array.of(1, 2, 3),
  BigInt64Array: () => BigInt64Array.of(1n, 2n),
  ArrayBuffer: () => new ArrayBuffer(8),
  AbortController: () => new AbortController(),
  "empty tensor": () => tensor([0], zeros(0)),
  "scalar tensor": () => tensor([], zeros(1)),
  vector: () => tensor([3], zeros(3)),
  "matrix of NaN": () => tensor([2, 2], zeros(4).fill(Number.NaN)),
  "matrix of infinities": () => tensor([2, 2], zeros(4).fill(Number.POSITIVE_INFINITY)),
  "tensor of five modes": () => tensor([1, 2, 1, 2, 1], zeros(4)),
  result: () => ({ status: "converged", loss: 1, params: {}, memory: null, step: 3 }),
};

/** Tensors that are none: for every place where a tensor is right. */
const brokenTensors = {
  "data too short": ({ shape, data }) => tensor(shape, data.slice(1)),
  "data too long": ({ shape, data }) => tensor(shape, zeros(data.length + 1)),
  "data an array": ({ shape, data }) => tensor(shape, [...data]),
  "data a Float32Array": ({ shape, data }) => tensor(shape, Float32Array.from(data)),
  "data missing": ({ shape }) => ({ shape }),
  "shape missing": ({ data }) => ({ data }),
  "shape text": ({ data }) => tensor("ab", data),
  "shape negative": ({ shape, data }) =>
    tensor(
      shape.map((n) => -n),
      data,
    ),
  "shape fractional": ({ shape, data }) => tensor([0.5, ...shape.slice(1)], data),
  "shape of NaN": ({ shape, data }) =>
    tensor(
      shape.map(() => Number.NaN),
      data,
    ),
  "shape of text": ({ shape, data }) => tensor(shape.map(String), data),
  "shape null": ({ data }) => tensor(null, data),
  "huge shape": ({ shape, data }) =>
    tensor(
      shape.map(() => 4294967296),
      data,
    ),
};
/** Right tensors with wrong numbers: refused where a number has to be finite, and else NaN in gives what it gives. */
const oddTensors = {
  "a mode more": ({ shape, data }) => tensor([1, ...shape], data),
  "a NaN in it": ({ shape, data }) =>
    tensor(
      shape,
      data.map((x, i) => (i === data.length - 1 ? Number.NaN : x)),
    ),
  "all NaN": ({ shape, data }) =>
    tensor(
      shape,
      data.map(() => Number.NaN),
    ),
  "all infinite": ({ shape, data }) =>
    tensor(
      shape,
      data.map(() => Number.POSITIVE_INFINITY),
    ),
  "all zero": ({ shape, data }) =>
    tensor(
      shape,
      data.map(() => 0),
    ),
  "all 1e300": ({ shape, data }) =>
    tensor(
      shape,
      data.map(() => 1e300),
    ),
  "all 1e-300": ({ shape, data }) =>
    tensor(
      shape,
      data.map(() => 1e-300),
    ),
  "all -1": ({ shape, data }) =>
    tensor(
      shape,
      data.map(() => -1),
    ),
  "all 255": ({ shape, data }) =>
    tensor(
      shape,
      data.map(() => 255),
    ),
};

const isTensor = (value) => Array.isArray(value?.shape) && value?.data instanceof Float64Array;
const isPlain = (value) =>
  typeof value === "object" && value !== null && [null, Object.prototype].includes(Object.getPrototypeOf(value));

/** Every wrong call of a target: its right arguments with one thing changed. */
export function* mutations(target, good) {
  for (let i = 0; i < Math.max(target.parameters.length, 1); i++) {
    const parameter = target.parameters[i];
    if (!parameter) break;
    yield* places(
      parameter.name,
      parameter.accepts,
      good[i],
      (args, value) => Object.assign([...args, ...new Array(Math.max(0, i + 1 - args.length))], { [i]: value }),
      0,
      i < target.arguments.length,
    );
  }
  for (let count = 0; count < target.arguments.length; count++)
    yield {
      place: `only ${count} arguments`,
      junk: "missing",
      kind: "missing",
      accepts: acceptsMissing(target, count),
      apply: (args) => args.slice(0, count),
    };
}

const acceptsMissing = (target, count) => ({
  kinds: target.parameters
    .slice(count)
    .every(({ accepts }) => accepts.kinds.includes("undefined") || accepts.kinds.includes("anything"))
    ? ["missing"]
    : [],
});

function* places(place, accepts, value, put, depth, given) {
  for (const [name, make] of Object.entries(junk))
    yield { place, junk: name, kind: kindOf(make()), accepts, apply: (args) => put(args, make()) };
  if (isTensor(value)) {
    for (const [name, make] of Object.entries(brokenTensors))
      if (sizeMatters(name, value))
        yield { place, junk: name, kind: "broken", accepts, apply: (args) => put(args, make(value)) };
    for (const [name, make] of Object.entries(oddTensors))
      yield { place, junk: name, kind: "odd", accepts, apply: (args) => put(args, make(value)) };
    return;
  }
  if (depth >= 2) return;
  if (Array.isArray(value) && value.length > 0 && accepts.entries)
    yield* places(
      `${place}[0]`,
      accepts.entries,
      value[0],
      (args, item) => put(args, [item, ...value.slice(1)]),
      depth + 1,
      true,
    );
  if (
    !accepts.properties ||
    (value !== undefined && !isPlain(value)) ||
    (!given && value === undefined && !accepts.kinds.includes("undefined"))
  )
    return;
  const record = value ?? {};
  const optional = Object.values(accepts.properties).some(({ kinds }) => kinds.includes("undefined"));
  if (optional && !Object.keys(accepts.properties).includes("shape")) {
    yield {
      place,
      junk: "an unknown name",
      kind: "unknown",
      accepts,
      apply: (args) => put(args, { ...record, nonsense: 1 }),
    };
    for (const key of Object.keys(accepts.properties))
      if (!(`${key}s` in accepts.properties))
        yield {
          place,
          junk: `${key}s for ${key}`,
          kind: "unknown",
          accepts,
          apply: (args) => put(args, { ...record, [`${key}s`]: record[key] ?? 1 }),
        };
  }
  for (const [key, inner] of Object.entries(accepts.properties))
    yield* places(
      `${place}.${key}`,
      inner,
      record[key],
      (args, item) => put(args, { ...record, [key]: item }),
      depth + 1,
      key in record,
    );
}

const sizeMatters = (name, { data, shape }) =>
  !(
    (name === "data too short" ||
      name === "shape negative" ||
      name === "shape of NaN" ||
      name === "shape of text" ||
      name === "huge shape") &&
    (data.length === 0 || shape.length === 0)
  );

function kindOf(value) {
  if (value === null) return "null";
  if (Array.isArray(value)) return "array";
  if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer) return "view";
  if (typeof value === "object") return "record";
  return typeof value;
}

/** Functions that say by NaN what is missing. */
const missing = ["padTrials"];

/** What is wrong with how a call went, or undefined. */
export function judge({ where, name }, { kind, junk: what, accepts }, outcome, LtrnnError) {
  if ("error" in outcome) {
    const { error } = outcome;
    if (!(error instanceof LtrnnError)) return { fault: "engine", text: String(error?.stack ?? error).slice(0, 300) };
    if (
      !where.some(
        (own) => error.where === own || error.where.startsWith(`${own}.`) || own.startsWith(`${error.where}.`),
      )
    )
      return { fault: "where", text: `${error.where}: ${error.message}`.slice(0, 200) };
    if (!error.got || !error.expected || !error.fix) return { fault: "empty", text: error.message.slice(0, 200) };
    return undefined;
  }
  if (accepts.kinds.includes("anything")) return undefined;
  const refused =
    kind === "unknown" || kind === "broken" || (what === "NaN" && kind === "number") || !accepted(kind, accepts);
  if (refused && !allowed(name, kind, what)) return { fault: "silent", text: "accepted" };
  const meant = /NaN|nfinit|1e308|1e300/.test(what) || missing.includes(name);
  if (!meant && hasNaN(outcome.value)) return { fault: "NaN", text: "NaN in the result" };
  return undefined;
}

/** Two things no type tells apart at run time: an array of numbers and a typed array. */
const accepted = (kind, { kinds }) =>
  kind === "odd" ||
  kinds.includes(kind) ||
  (kind === "view" && kinds.includes("array")) ||
  (kind === "array" && kinds.includes("view"));

/** Objects and functions to which wrong arguments do no harm, with the reason. */
const harmless = [
  ["LtrnnError", "it carries whatever it was given"],
  ["#toJSON", "JSON.stringify calls it with the key"],
  ["#with", "without a change it is a copy"],
  ["learningRankBound", "a gradient transform holds more than a bound reads of it"],
  ["learningSetupOf", "a gradient transform holds more than a bound reads of it"],
];
const allowed = (name, kind) =>
  harmless.some(([part]) => name.includes(part)) &&
  (!/^(learning|.*#with)/.test(name) || kind === "unknown" || kind === "undefined");

function hasNaN(value, depth = 0) {
  if (typeof value === "number") return Number.isNaN(value);
  // of gigabytes, which zeros may well give, the first numbers alone: all of them take longer than a call may
  if (value instanceof Float64Array || value instanceof Float32Array) return value.subarray(0, 1e8).some(Number.isNaN);
  if (typeof value !== "object" || value === null || depth > 6) return false;
  return (Array.isArray(value) ? value.slice(0, 1000) : Object.values(value)).some((item) => hasNaN(item, depth + 1));
}
