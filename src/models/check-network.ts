import { checkWhole, fail, failingAs, isRecord, show } from "../base";
import { checkFinite, checkTensor, type Params } from "../tensor";
import { checkShared } from "./check-params";
import type { Connectivity, Network, NetworkRecord } from "./network";
import { readSetting } from "./setting";

/** Refuse what no scan can run: a record that is no network, sizes that disagree, numbers that are not finite. */
export function checkNetwork(where: string, model: unknown): asserts model is Network {
  const { params, setting, connectivity, units } = (model ?? {}) as Partial<Network>;
  if (!isRecord(params) || !isRecord(setting) || !isRecord(connectivity))
    fail(where, {
      expected: "model to be a network { params, setting, connectivity, units }",
      got: show(model),
      fix: "Pass a model, such as FullRankRNN.random({ units: 50, inputs: 2, outputs: 1 }, 7).",
    });
  checkWhole(where, "model.units", units as number, 1);
  failingAs(where, () => readSetting(where, setting, units));
  for (const [name, p] of Object.entries(params as Params)) {
    if (p === undefined) continue;
    checkTensor(where, name, p);
    checkFinite(where, name, p);
  }
  checkShared(where, units as number, params as Network["params"]);
  checkConnectivity(where, model as Network);
}

function checkConnectivity(where: string, { params, units, connectivity, trials }: Network): void {
  const { left, right, perTrial, static: w0 } = connectivity as Connectivity,
    rank = right === undefined ? units : (sizesOf(where, params, right)[1] ?? 0);
  expectSizes(where, params, left, [units, rank]);
  if (right !== undefined) expectSizes(where, params, right, [units, rank]);
  if (perTrial !== undefined) expectSizes(where, params, perTrial, [trials ?? 0, rank]);
  if (w0 !== undefined && (params as Params)[w0]) expectSizes(where, params, w0, [units, units]);
}

function sizesOf(where: string, params: Params, name: string): readonly number[] {
  const p = Object.hasOwn(params, name) ? params[name] : undefined;
  if (p) return p.shape;
  return fail(where, {
    expected: `the parameter ${show(name)} that model.connectivity names`,
    got: "none",
    fix: "Name parameters that model.params has.",
  });
}

function expectSizes(where: string, params: Params, name: string, sizes: readonly number[]): void {
  const shape = sizesOf(where, params, name);
  if (shape.join() === sizes.join()) return;
  fail(where, {
    expected: `${name} of shape (${sizes.join(" × ")})`,
    got: `(${shape.join(" × ")})`,
    fix: "Give every parameter the same number of units, and both factors the same rank.",
  });
}

/** What of a network goes to another thread; arrays that are part of a longer buffer are copied out of it. */
export function networkRecord({ params, setting, units, connectivity, trials }: NetworkRecord): NetworkRecord {
  const entries = Object.entries(params as Params).flatMap(([name, p]) =>
    p ? [[name, { shape: p.shape, data: withoutBuffer(p.data) }]] : [],
  );
  return {
    params: Object.fromEntries(entries) as unknown as NetworkRecord["params"],
    setting,
    units,
    connectivity,
    ...(trials === undefined ? {} : { trials }),
  };
}

const withoutBuffer = (data: Float64Array): Float64Array =>
  data.byteLength === data.buffer.byteLength ? data : data.slice();
