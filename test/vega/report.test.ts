import { expect, test } from "vitest";
import * as ltrnn from "../../src";
import { report } from "../../src/vega";
import { draw } from "../support/sweep";

/** The code of a report, run with the names it needs. */
async function runSnippet(html: string, names: Record<string, unknown>): Promise<unknown> {
  const [, code] = /<pre><code>([\s\S]*?)<\/code>/.exec(html) ?? [];
  const text = code.replace(/&quot;/g, '"').replace(/^import \{ (.*?) \} from "ltrnn";.*$/m, "const { $1 } = ltrnn;");
  const all = { ltrnn, ...names };
  const run = new Function(...Object.keys(all), `return (async () => { ${text}; return again; })()`);
  return run(...Object.values(all));
}

test("a report of a decomposition says what was asked and came, and its code makes the result again", async () => {
  const x = draw(1).normal([6, 5, 4]),
    cp = ltrnn.cpAls(x, 2, { seed: 3, sweeps: 40 });
  const tables = [{ caption: "Scores", columns: ["model", "<test>"], rows: [["mean", "0.5"]], note: "Of one fold." }];
  const html = await report(cp, { title: "Mine <b>", about: "Some data.", tables });
  expect(html).toContain(
    '<caption>Scores</caption><thead><tr><th scope="col">model</th><th scope="col">&lt;test&gt;</th>',
  );
  expect(html).toContain("<tr><td>mean</td><td>0.5</td></tr></tbody></table>\n<p>Of one fold.</p>");
  await expect(report(cp, { tables: [{ caption: "No columns" }] as never })).rejects.toThrow(
    /^report: expected .*columns/,
  );
  expect(html).toContain("<title>Mine &lt;b&gt;</title>");
  expect(html).toContain(`<td>${Number(cp.relativeError.toPrecision(4))}</td>`);
  expect(html.match(/<svg /g)?.length).toBe(2);
  expect(html).not.toMatch(/(?:src|href)=|<script/);
  expect(((await runSnippet(html, { x })) as typeof cp).factors).toEqual(cp.factors);
});

test("a report of a fit has its starts, how they agree, and code that makes it again", async () => {
  const activity = draw(2).normal([5, 8, 4]),
    mask = { ...activity, data: activity.data.map((_, at) => (at % 7 ? 1 : 0)) };
  const fit = await ltrnn.fitLowTensorRank(activity, 1, {
    mask,
    decoder: "identity",
    inputs: 1,
    training: { steps: 4, starts: 2 },
    seed: 4,
  });
  const html = await report(fit);
  expect(html).toContain("other start agrees with the best by");
  expect(html).toContain("No entries were held out");
  const again = (await runSnippet(html, { activity, mask })) as typeof fit;
  expect(again.loss).toBe(fit.loss);
  expect(again.model.params.c).toEqual(fit.model.params.c);
});

const bound = ltrnn.learningRankBound({
  units: 4,
  inputs: 1,
  outputs: 1,
  snapshots: 3,
  activation: "identity",
  optimizer: ltrnn.sgd(1),
});

test("a report of bounds counts snapshots above them; other things are refused", async () => {
  const html = await report(ltrnn.compareRanks({ changes: draw(3).normal([4, 4, 3]), steps: [0, 10, 20] }, bound));
  expect(html).toContain("<td>3 of 3 snapshots</td>");
  for (const wrong of [undefined, {}, { provenance: {} }, 3, { provenance: { by: "x" } }])
    await expect(report(wrong as never)).rejects.toThrow(/^report: expected a result of fitLowTensorRank/);
});

test("a report of a training run has its curve, and code that makes the run again", async () => {
  const { batch, dt } = ltrnn.flipFlop({ bits: 1, trials: 4, steps: 12, seed: 1 }),
    model = ltrnn.FullRankRNN.random({ units: 6, inputs: 1, outputs: 1 }, 2);
  const objective = ltrnn.networkObjective(model, batch, { dt }),
    start = { w: model.params.w };
  const end = await ltrnn.last(
    ltrnn.train(objective, start, {
      optimizer: ltrnn.chain(ltrnn.clipByNorm(1), ltrnn.adam(ltrnn.cosineDecay(0.02, { steps: 20 }))),
      steps: 20,
      every: 5,
    }),
  );
  expect(end.curve?.steps).toEqual([0, 5, 10, 15, 20]);
  expect(end.curve?.losses[4]).toBe(end.loss);
  const html = await report(end);
  expect(html).toContain("Learning curve. loss: 5 points, x 0 to 20");
  expect(html).not.toContain("an earlier run");
  expect(await runSnippet(html, { objective, start })).toEqual(end);
  const on = await ltrnn.last(ltrnn.train(objective, end, { steps: 5, every: 5 }));
  expect(on.curve?.steps).toEqual([0, 5, 10, 15, 20, 25]);
});

test("code of a report of bounds compares them again", async () => {
  const history = { changes: draw(3).normal([4, 4, 3]), steps: [0, 10, 20] },
    compared = ltrnn.compareRanks(history, bound);
  expect(await runSnippet(await report(compared), { history, bound })).toEqual(compared);
});

test("a report tells the steps of gcp, and takes no PARAFAC2, Tucker or sparse model of counts for a CP", async () => {
  const x = draw(5).normal([6, 8, 3]),
    counts = { shape: x.shape, data: x.data.map((value) => Math.round(Math.abs(value) + 1)) };
  const html = await report(ltrnn.gcp(counts, 1, { loss: "poisson", steps: 3 }));
  expect(html).toContain('<th scope="row">steps</th><td>3</td>');
  expect(html).not.toContain("undefined");
  for (const other of [
    ltrnn.parafac2(ltrnn.raggedTrials(x), 1),
    ltrnn.tucker(x, [1, 1, 1]),
    ltrnn.cpPoissonSparse(ltrnn.sparseOf(counts), 1, { steps: 2 }),
  ])
    await expect(report(other as never)).rejects.toThrow("report: expected a result of fitLowTensorRank, cpAls, gcp");
});
