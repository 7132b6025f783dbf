import { expect, test } from "vitest";
import { startFromMeans } from "../../src/fit/start-from-means";
import { LowRankRNN } from "../../src/models";
import { simulate } from "../../src/run";
import { zeros, type Tensor3 } from "../../src/tensor";
import { close } from "../support/close";
import { sweep } from "../support/sweep";

test("with as many inputs as directions, the start makes the means exactly, without recurrence", () =>
  sweep((draw) => {
    const units = draw.int(2, 6),
      phi = (["tanh", "softplus", "identity"] as const)[draw.int(0, 2)],
      conditions = draw.int(1, 3),
      alpha = 0.3;
    const source = draw.normal([conditions, draw.int(2, 7), units]);
    const means: Tensor3 = {
      shape: source.shape,
      data: source.data.map((x) => (phi === "tanh" ? Math.tanh(x) : phi === "softplus" ? Math.log1p(Math.exp(x)) : x)),
    };
    const { wIn, u, x0, bias } = startFromMeans(means, units, alpha, phi);
    const model = new LowRankRNN({ m: zeros([units, 1]), n: zeros([units, 1]), wIn, x0, bias }, { phi });
    const clipped = means.data.some((rate) => phi === "tanh" && Math.abs(rate) > 0.995);
    // eigenvectors of a Gram matrix: rounding of 1e-16 is squared in the smallest
    if (!clipped) close(simulate(model, u, { dt: alpha }).outputs, means, 1e-9);
    expect(wIn.shape).toEqual([units, units]);
  }));
