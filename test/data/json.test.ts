import { expect, test } from "vitest";
import { LtrnnError } from "../../src/base";
import { fromJson, numbersFromJson, numbersToJson, toJson } from "../../src/data";
import { fromBase64, toBase64 } from "../../src/data/base64";
import { FullRankRNN, modelFromJson } from "../../src/models";
import { tensor, zeros } from "../../src/tensor";
import { sweep } from "../support/sweep";

test("a record survives JSON bit for bit, tensors, NaN and -0 included", () => {
  const record = {
    step: 3,
    loss: Number.NaN,
    x: tensor([2, 2], [1 / 3, -0, Infinity, Number.NaN]),
    list: [null, true, "text", -0, undefined],
    $odd: { $: 1, $$: "NaN" },
    nested: { $: "NaN" },
  };
  expect(fromJson(toJson(record))).toEqual(record);
});

test("models and fits are taken as they are, and come back as what their toJSON gives", () => {
  const model = FullRankRNN.random({ units: 4, inputs: 2 }, 3);
  const text = toJson({ model, score: 0.5 });
  const back = fromJson<{ model: ReturnType<typeof model.toJSON>; score: number }>(text);
  expect(back).toEqual({ model: model.toJSON(), score: 0.5 });
  expect(modelFromJson(back.model)).toEqual(model);
});

test("loops, functions, instances and odd arrays are refused, and where they are is said", () => {
  const loop: { list: unknown[] } = { list: [] };
  loop.list.push({ loop });
  expect(() => toJson(loop)).toThrow("got a record that holds itself at list.0.loop");
  const shared = { x: 1 };
  expect(fromJson(toJson([shared, shared]))).toEqual([shared, shared]);
  expect(() => toJson({ f: () => 1 })).toThrow("got a function at f");
  expect(() => toJson(new Map())).toThrow("got a Map at the top");
  expect(() => toJson({ n: 1n })).toThrow("got 1n at n");
  expect(() => toJson({ x: new Float32Array(2) })).toThrow("got a Float32Array of length 2 at x");
  expect(() => toJson({ shape: [2], data: zeros([3]).data })).toThrow(
    "a tensor whose shape does not fit its data at the top",
  );
  expect(() => toJson({ shape: [-2, -3], data: zeros([6]).data })).toThrow("a tensor whose shape does not fit");
  const nested = (levels: number): unknown => (levels === 0 ? 1 : [nested(levels - 1)]);
  expect(() => toJson(nested(501))).toThrow("got more than 500 levels");
  expect(() => toJson({ toJSON: () => nested(501) })).toThrow(LtrnnError);
  const trap = new Proxy(
    {},
    {
      get: () => () => {
        throw new Error("trap");
      },
    },
  );
  for (const odd of [
    new Proxy({}, trap),
    new Proxy([], trap),
    {
      toJSON() {
        throw new Error("no");
      },
    },
    {
      get x() {
        throw new Error("no");
      },
    },
  ])
    expect(() => toJson({ odd })).toThrow(LtrnnError);
});

test("text that toJson did not make is refused", () => {
  for (const text of [
    "{",
    "",
    "1e999",
    '{"$":"Infinity","x":1}',
    '{"$":"Float64Array"}',
    '{"$":"Float64Array","base64":"AAAA"}',
    '{"$":"Float64Array","base64":"AAAAAAAAAA A="}',
    '{"$":"Map"}',
    '{"x":{"shape":[3],"data":{"$":"Float64Array","base64":""}}}',
    `${"[".repeat(600)}${"]".repeat(600)}`,
    `${"[".repeat(100_000)}${"]".repeat(100_000)}`,
    undefined,
    null,
    5,
    {},
  ])
    expect(() => fromJson(text as string), String(text).slice(0, 50)).toThrow(LtrnnError);
  expect(() => fromJson('{"x":{"shape":[3],"data":{"$":"Float64Array","base64":""}}}')).toThrow(
    "a tensor whose shape does not fit its data at x",
  );
});

test("lists of numbers keep what JSON loses, and nothing else is taken for a number", () => {
  const data = Float64Array.of(1 / 3, Number.NaN, -0, 0, Infinity, -Infinity, 5e-324, 1.7976931348623157e308);
  const back = numbersFromJson("modelFromJson", "x", JSON.parse(JSON.stringify(numbersToJson(data))));
  expect(new BigInt64Array(back.buffer)).toEqual(new BigInt64Array(data.buffer));
  for (const json of [
    "127",
    { length: 1 },
    null,
    undefined,
    [null],
    [true],
    ["1"],
    [[]],
    [{}],
    [{ $: "nan" }],
    [{ $: "NaN", x: 1 }],
    [Number.NaN],
  ])
    expect(() => numbersFromJson("modelFromJson", "x", json), JSON.stringify(json)).toThrow(LtrnnError);
});

test("base64 is that of RFC 4648, and what is none is known", () => {
  sweep((draw) => {
    const bytes = Uint8Array.from({ length: draw.int(0, 50) }, () => draw.int(0, 255));
    const text = Buffer.from(bytes).toString("base64");
    expect(toBase64(bytes)).toBe(text);
    expect(fromBase64(text)).toEqual(bytes);
  }, 100);
  const long = Uint8Array.from({ length: 7_000_001 }, (_, i) => (i * i) >> 3);
  expect(toBase64(long)).toBe(Buffer.from(long).toString("base64"));
  expect(Buffer.compare(fromBase64(toBase64(long)) ?? new Uint8Array(), long)).toBe(0);
  for (const text of ["A", "AA", "A===", "====", "AB==", "AAB=", "AA=A", "AAA=AAAA", "AA-_", "AAé=", "AA A", "AAAA\n"])
    expect(fromBase64(text), text).toBeUndefined();
});
