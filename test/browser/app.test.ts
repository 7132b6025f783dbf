import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import type { Browser, Page } from "playwright-core";
import { build } from "vite";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { analyze, type Findings, type Settings } from "../../examples/browser/analyze";
import { builtInSource } from "../../examples/browser/source";
import type { Recording } from "../../examples/browser/select-recording";
import {
  conditionMean,
  explained,
  fromJson,
  holdOut,
  loadResult,
  modelFromJson,
  observedMask,
  random,
  readNpz,
  tensor,
  toJson,
  writeMat,
  writeNpy,
  writeNpz,
  zeros,
  type ScoredRow,
  type Tensor3,
} from "../../src";
import { chromiumPath, firefoxPath, launchChromium } from "../engines/browsers";
import { hdf5Files } from "../support/hdf5-files";
import { openFirefox, type Firefox } from "../engines/firefox";

for (const [name, path] of [
  ["Chromium", chromiumPath],
  ["Firefox", firefoxPath],
])
  if (!path) console.log(`No ${name} is found: tests of the page in it are left out.`);

const folder = mkdtempSync(join(tmpdir(), "ltrnn-app-")),
  file = join(folder, "index.html");
const settings: Settings = { rank: 2, units: 20, loss: "meanSquaredError", updates: 200, seed: 0, threads: 1 };

/** What the page saves, without times on the clock. */
const untimed = (text: string) => text.replace(/"seconds":[^,}]*/g, '"seconds":0');

function builtIn(): Recording {
  const { arrays, labels } = builtInSource();
  return { activity: arrays.activity as Tensor3, conditions: labels.direction, epochs: labels.phase };
}

async function inNode(given: Settings, recording = builtIn()): Promise<string> {
  let end: Findings | undefined;
  for await (const now of analyze(recording, given)) if ("fit" in now) end = now;
  const { fit, insight, scores } = end as Findings;
  return untimed(toJson({ fit, insight, scores, settings: given }));
}

/** An expression that waits in the page until a condition holds or the page says what is wrong. */
const until = (condition: string) =>
  `new Promise((resolve, reject) => { const look = () => { const wrong = document.getElementById("error").textContent;
    if (wrong) reject(new Error(wrong)); else if (${condition}) resolve(""); else setTimeout(look, 10); }; look(); })`;
const linkTo = (name: string) => `[...document.querySelectorAll("#downloads a")].find((a) => a.download === "${name}")`;
const ended = until(`${linkTo("result.json")} && !document.getElementById("fit").disabled`);
const saved = (name: string) => `fetch(${linkTo(name)}.href).then((answer) => answer.text())`;
const savedBytes = (name: string) =>
  `fetch(${linkTo(name)}.href).then((answer) => answer.arrayBuffer()).then((all) => Array.from(new Uint8Array(all)))`;

let browser: Browser, firefox: Firefox, server: Server;
const small: Settings = { ...settings, rank: 1, units: 6, updates: 10 };
let twoThreads: Promise<string> | undefined;
/** Once, and not while the server has a page to give: a fit on threads keeps this process from answering. */
const onTwoThreads = () => (twoThreads ??= inNode({ ...small, threads: 2 }));
beforeAll(async () => {
  const opening = Promise.all([chromiumPath && launchChromium(), firefoxPath && openFirefox(firefoxPath)]);
  await build({
    configFile: fileURLToPath(new URL("../../examples/browser/vite.config.ts", import.meta.url)),
    logLevel: "error",
    build: { outDir: folder },
  });
  server = createServer((_, response) =>
    response
      .writeHead(200, {
        "Content-Type": "text/html",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Embedder-Policy": "require-corp",
      })
      .end(readFileSync(file)),
  );
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const [opened, fox] = await opening;
  if (opened) browser = opened;
  if (fox) firefox = fox;
}, 120_000);
afterAll(async () => {
  server?.close();
  await Promise.all([browser?.close(), firefox?.close()]);
  rmSync(folder, { recursive: true, force: true });
});
const isolatedUrl = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;

/** Set fields of the form, press Fit, and wait for the end. */
const fitWith = ({ rank, units, updates }: Settings) =>
  `(() => { for (const [id, value] of Object.entries(${JSON.stringify({ rank, units, updates })}))
    document.getElementById(id).value = value;
    document.getElementById("fit").click(); return ${ended}; })()`;

describe.skipIf(!chromiumPath)("the page in Chromium", () => {
  let page: Page;
  beforeAll(async () => {
    page = await browser.newPage({ viewport: { width: 360, height: 800 }, colorScheme: "dark" });
    page.setDefaultNavigationTimeout(0); // the hook's own counts
    await page.goto(pathToFileURL(file).href);
  }, 120_000);

  test("from a disk, by keyboard, stopped and resumed, it has the numbers of Node within 60 s", async () => {
    const begin = Date.now();
    await page.evaluate(`new MutationObserver((_, observer) => {
      if (!/^Update [1-9]/.test(document.getElementById("status").textContent)) return;
      observer.disconnect();
      document.getElementById("stop").click();
    }).observe(document.getElementById("status"), { childList: true })`);
    await page.focus("#rank");
    await page.keyboard.press("Enter");
    const whole = inNode(settings); // while the page computes the same
    whole.catch(() => {}); // it is awaited below
    await page.evaluate(until('!document.getElementById("resume").disabled'));
    expect(await page.textContent("#status")).toMatch(/^aborted/);
    // watched from before: the page may be done before this process, which computes too, looks again
    await page.evaluate(`new MutationObserver((_, observer) => {
      const fit = document.getElementById("fit");
      if (!fit.disabled) return;
      observer.disconnect();
      fit.dataset.resumed = "yes";
    }).observe(document.getElementById("fit"), { attributes: true })`);
    await page.focus("#resume");
    await page.keyboard.press("Enter");
    await page.evaluate(until('document.getElementById("fit").dataset.resumed'));
    await page.evaluate(ended);
    expect(Date.now() - begin).toBeLessThan(60_000);
    const text = String(await page.evaluate(saved("result.json")));
    expect(untimed(text) === (await whole)).toBe(true);
    const { model } = fromJson<{ fit: { model: Parameters<typeof modelFromJson>[0] } }>(text).fit;
    expect(modelFromJson(model).units).toBe(20);
  });

  test("figures have text alternatives, and go to files with the report", async () => {
    expect(await page.locator("figure svg[role=img][aria-label]").count()).toBe(4);
    expect(await page.locator("#scores tbody tr").count()).toBe(4);
    expect(await page.evaluate(saved("report.html"))).toContain("Make it again");
    expect(await page.evaluate(saved("trial-factors.svg"))).toMatch(/^<svg/);
    expect(JSON.parse(String(await page.evaluate(saved("vector-field.vl.json")))).$schema).toContain("vega-lite");
  });

  test("at 360 pixels nothing overflows; axe finds nothing serious, in light and dark", async () => {
    expect(await page.evaluate("document.documentElement.scrollWidth")).toBe(360);
    await page.addScriptTag({ path: createRequire(import.meta.url).resolve("axe-core/axe.min.js") });
    for (const colorScheme of ["light", "dark"] as const) {
      await page.emulateMedia({ colorScheme });
      const found = await page.evaluate(
        `axe.run().then(({ violations }) => violations.filter(({ impact }) => ["serious", "critical"].includes(impact))
          .map(({ id, nodes }) => id + ": " + nodes.map(({ target }) => target).join(", ")))`,
      );
      expect(found).toEqual([]);
    }
  });

  test("files of NumPy, MATLAB and NWB are read; what cannot be is refused", async () => {
    const activity = zeros([6, 5, 4]),
      go = tensor([6], [0, 1, 0, 1, 0, 1]);
    const give = (name: string, bytes: Uint8Array) =>
      page.setInputFiles("#file", { name, mimeType: "application/octet-stream", buffer: Buffer.from(bytes) });
    for (const [name, bytes] of [
      ["a.npz", writeNpz({ activity, cue: go })],
      ["b.mat", writeMat({ activity, cue: go })],
    ] as const) {
      await give(name, bytes);
      await page.evaluate(until(`document.getElementById("source").textContent === "${name}"`));
      expect(await page.inputValue("#last-bin")).toBe("4");
      expect(await page.inputValue("#conditions")).toBe("cue");
    }
    const { nwb, mat } = hdf5Files();
    await give("d.mat", mat);
    await page.evaluate(until(`document.getElementById("source").textContent === "d.mat"`));
    expect(await page.textContent("#array")).toContain("x (2 × 3 × 4)");
    await give("e.nwb", nwb);
    await page.evaluate(until(`document.getElementById("source").textContent === "e.nwb"`));
    expect(await page.textContent("#array")).toBe("spikes of 3 units");
    expect([await page.inputValue("#last-trial"), await page.inputValue("#last-bin")]).toEqual(["7", "19"]);
    expect([await page.inputValue("#conditions"), await page.inputValue("#until")]).toEqual(["target", "stop_time"]);
    await give("c.npy", writeNpy(go));
    await page.waitForFunction('document.getElementById("error").textContent !== ""');
    expect(await page.textContent("#error")).toBe(
      "Expected an array of three modes (trials, time, neurons), got c.npy with array.",
    );
  });

  test("a file that is dropped is fitted, and what is downloaded loads as what was found", async () => {
    const { normal } = random(1, "dropped"),
      shape = [12, 8, 5] as const,
      counts = tensor(
        shape,
        Array.from({ length: 480 }, (_, i) => Math.max(0, Math.round(3 + 2 * Math.sin(i % 40) + normal()))),
      );
    const drop = async (name: string, bytes: Uint8Array) => {
      await page.evaluate(`(() => { const transfer = new DataTransfer();
        transfer.items.add(new File([Uint8Array.of(${Array.from(bytes)})], "${name}"));
        for (const kind of ["dragover", "drop"])
          document.body.dispatchEvent(new DragEvent(kind, { dataTransfer: transfer, bubbles: true, cancelable: true }));
      })()`);
      await page.evaluate(until(`document.getElementById("source").textContent === "${name}"`));
    };
    await drop("counts.npy", writeNpy(counts));
    expect(await page.textContent("#array")).toBe("array (12 × 8 × 5)");
    await page.selectOption("#loss", "poisson");
    const settings: Settings = { ...small, units: 4, updates: 5, loss: "poisson" };
    await page.evaluate(fitWith(settings));
    const text = String(await page.evaluate(saved("result.json")));
    expect(untimed(text) === (await inNode(settings, { activity: counts }))).toBe(true);
    const npz = Uint8Array.from((await page.evaluate(savedBytes("result.npz"))) as number[]);
    expect(toJson(loadResult(npz)) === text).toBe(true);
    expect(readNpz(npz)["fit.prediction"].shape).toEqual([12, 8, 5]);
    // scores of counts are shares of their deviance, and say so
    expect(await page.textContent("#scores caption")).toContain("Poisson deviance explained on held-out boxes");
    expect(await page.textContent("#findings")).toContain("Share of deviance explained");
    const { scores } = fromJson<{ scores: ScoredRow[] }>(text),
      { train, validation } = holdOut(observedMask(counts), { half: [1, 1, Infinity], seed: 0 }),
      mean = conditionMean(counts, { train }).prediction;
    expect(mean.data.every((x) => x > 0.05)).toBe(true); // so that none is raised
    const byHand = explained(counts, mean, { train, over: validation, deviance: "poisson" }).total;
    expect(scores[0].validation).toBe(byHand);
    // what was downloaded may be dropped again: its arrays are offered
    await drop("again.npz", npz);
    expect(await page.textContent("#array")).toContain("fit.prediction (12 × 8 × 5)");
  });

  test("where the page is isolated it takes two threads, with the numbers of two threads in Node", async () => {
    const isolated = await browser.newPage();
    await isolated.goto(isolatedUrl());
    expect(await isolated.inputValue("#threads")).toBe("2");
    await isolated.evaluate(fitWith(small));
    expect(untimed(String(await isolated.evaluate(saved("result.json")))) === (await onTwoThreads())).toBe(true);
  });
});

describe.skipIf(!firefoxPath)("the page in Firefox", () => {
  test("from a disk it has the numbers of Node", async () => {
    expect(existsSync(file)).toBe(true);
    await firefox.goto(pathToFileURL(file).href);
    expect(await firefox.evaluate('Promise.resolve(document.getElementById("threads").value)')).toBe("1");
    await firefox.evaluate(fitWith(small));
    expect(untimed(await firefox.evaluate(saved("result.json"))) === (await inNode(small))).toBe(true);
  });

  test("where it is isolated it takes two threads, with the numbers of two threads in Node", async () => {
    await firefox.goto(isolatedUrl());
    expect(await firefox.evaluate('Promise.resolve(document.getElementById("threads").value)')).toBe("2");
    await firefox.evaluate(fitWith(small));
    expect(untimed(await firefox.evaluate(saved("result.json"))) === (await onTwoThreads())).toBe(true);
  });
});
