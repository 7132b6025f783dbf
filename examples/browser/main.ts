import type { ScoredRow } from "ltrnn";
import type { Findings, Progress, Settings } from "./analyze";
import { figuresOf } from "./figures-of";
import { received, type Reply, type Request } from "./messages";
import { offerDownloads, withdrawDownloads } from "./offer-downloads";
import { byId, numberOf, textOf } from "./page";
import { selectRecording, type Recording } from "./select-recording";
import { offer, offerRanges, selectionOf } from "./selection-form";
import { showFindings } from "./show-findings";
import { builtInSource, type Source } from "./source";
import "./style.css";
import FitWorker from "./worker?worker&inline";

/** What was asked last, and what came of it. */
interface Run {
  readonly recording: Recording;
  readonly settings: Settings;
  findings?: Findings;
}

const worker = new FitWorker(),
  ask = (request: Request) => worker.postMessage(request);
let source: Source = builtInSource(),
  run: Run | undefined,
  /** of every rank that was fitted to this recording */
  scores: readonly ScoredRow[] = [],
  drawing = Promise.resolve();

/** "status" is for eyes, and changes often; "announced" is what screen readers say. */
const say = (id: "status" | "announced" | "error", text: string) => {
  byId(id).textContent = text;
};

function take(taken: Source): void {
  source = taken;
  scores = [];
  run = undefined;
  withdrawDownloads();
  byId("results").hidden = true;
  setRunning(false);
  offer(source);
}

function setRunning(running: boolean): void {
  const { status } = run?.findings?.fit ?? {};
  byId<HTMLButtonElement>("fit").disabled = running;
  byId<HTMLButtonElement>("stop").disabled = !running;
  byId<HTMLButtonElement>("resume").disabled = running || status !== "aborted";
  byId<HTMLFieldSetElement>("data").disabled = running;
}

const settingsOf = (): Settings => ({
  rank: numberOf("rank"),
  units: numberOf("units"),
  loss: textOf("loss") as Settings["loss"],
  updates: numberOf("updates"),
  seed: numberOf("seed"),
  threads: numberOf("threads"),
});

function begin(next: Run, start?: Findings["fit"]): void {
  run = next;
  say("error", "");
  say("status", "Baselines");
  say("announced", "The fit has begun.");
  withdrawDownloads();
  setRunning(true);
  ask({ ask: "fit", recording: next.recording, settings: next.settings, start });
}

/** Scores with those of the same rank replaced. */
function withScores(rows: readonly ScoredRow[]): ScoredRow[] {
  const key = ({ model, axes }: ScoredRow) => `${model} ${axes.rank}`,
    kept = new Map([...scores, ...rows].map((row) => [key(row), row]));
  return [...kept.values()].sort((a, b) => Number(a.axes.rank ?? 0) - Number(b.axes.rank ?? 0));
}

function hear(progress: Progress | Findings): void {
  const { steps, stepsAtMost, seconds, status } = "fit" in progress ? progress.fit : progress;
  byId<HTMLProgressElement>("progress").value = status === "running" || status === "aborted" ? steps / stepsAtMost : 1;
  const left = steps > 0 ? Math.ceil((seconds / steps) * (stepsAtMost - steps)) : 0;
  say(
    "status",
    status === "running"
      ? `Update ${steps} of at most ${stepsAtMost}; at most ${left} s remain.`
      : `${status} after ${steps} updates and ${seconds.toFixed(1)} s.`,
  );
  if (status !== "running") say("announced", byId("status").textContent ?? "");
  if ("fit" in progress) show(received(progress));
}

/** One drawing after the other; the last one comes with files. */
function show(findings: Findings): void {
  if (!run) return;
  run.findings = findings;
  const { recording, settings } = run,
    ended = findings.fit.status !== "running",
    rows = withScores(findings.scores);
  if (ended) scores = rows;
  drawing = drawing.then(async () => {
    const width = Math.max(280, Math.min(900, byId("form").parentElement?.clientWidth ?? 640) - 40);
    const shown = figuresOf(findings, rows, recording, width),
      svgs = await showFindings(shown, rows, findings.explains);
    if (ended) await offerDownloads(findings, { shown, svgs, scores: rows, settings });
  });
  drawing = drawing.catch((error) => say("error", String(error)));
}

worker.onmessage = async ({ data }: MessageEvent<Reply>) => {
  if (data.say === "source") take(data.source);
  else if (data.say === "progress") hear(data.progress);
  else {
    if (data.say === "error") {
      say("status", "");
      say("error", data.message);
    }
    await drawing;
    setRunning(false);
  }
};
worker.onerror = (event) => say("error", `The worker failed: ${event.message}`);

/** Runs what a user did; what is wrong with it is said in the page. */
const tell = (act: () => void) => {
  try {
    say("error", "");
    act();
  } catch (error) {
    say("error", error instanceof Error ? error.message : String(error));
  }
};

const open = async (file: File | undefined) => {
  say("error", "");
  if (file && byId<HTMLFieldSetElement>("data").disabled) say("error", "Stop the fit before you open another file.");
  else if (file) ask({ ask: "read", name: file.name, bytes: new Uint8Array(await file.arrayBuffer()) });
};

byId("form").addEventListener("submit", (event) => {
  event.preventDefault();
  tell(() => begin({ recording: selectRecording(source, selectionOf()), settings: settingsOf() }));
});
byId("stop").addEventListener("click", () => ask({ ask: "stop" }));
byId("resume").addEventListener("click", () => run && begin(run, run.findings?.fit));
byId("built-in").addEventListener("click", () => tell(() => take(builtInSource())));
byId<HTMLInputElement>("file").addEventListener("change", ({ target }) =>
  open((target as HTMLInputElement).files?.[0]),
);
for (const id of ["array", "order", "event", "until", "from", "to", "width"])
  byId(id).addEventListener("change", () => tell(() => offerRanges(source)));
for (const id of [
  "array",
  "order",
  "conditions",
  "epochs",
  "first-trial",
  "last-trial",
  "first-bin",
  "last-bin",
  "loss",
  "seed", // which draws the boxes
])
  byId(id).addEventListener("change", () => {
    scores = []; // of another recording
  });
addEventListener("dragover", (event) => {
  event.preventDefault();
  document.body.classList.add("dropping");
});
for (const kind of ["dragleave", "drop"]) addEventListener(kind, () => document.body.classList.remove("dropping"));
addEventListener("drop", (event) => {
  event.preventDefault();
  void open(event.dataTransfer?.files[0]);
});

byId<HTMLInputElement>("threads").value = byId<HTMLInputElement>("threads").max = crossOriginIsolated ? "2" : "1";
take(source);
