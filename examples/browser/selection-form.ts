import { byId, fill, numberOf, textOf } from "./page";
import { wholeActivity, type Selection } from "./select-recording";
import type { Source } from "./source";

const orders = [
  ["0,1,2", "trials × time × neurons"],
  ["0,2,1", "trials × neurons × time"],
  ["1,0,2", "time × trials × neurons"],
  ["1,2,0", "neurons × trials × time"],
  ["2,0,1", "time × neurons × trials"],
  ["2,1,0", "neurons × time × trials"],
] as const;

/** Fill the form with what a source has. */
export function offer(source: Source): void {
  const arrays = Object.entries(source.arrays).map(
      ([name, { shape }]) => [name, `${name} (${shape.join(" × ")})`] as const,
    ),
    labels = Object.entries(source.labels),
    names = [["", "none"] as const, ...labels.map(([name]) => [name, name] as const)];
  // labels repeat; times do not
  const guess = (...words: readonly string[]) =>
    labels.find(
      ([name, list]) => 2 * new Set(list).size <= list.length && words.some((word) => name.includes(word)),
    )?.[0];
  fill("array", source.spikes ? [["", `spikes of ${source.spikes.length} units`]] : arrays);
  fill("order", source.spikes ? orders.slice(0, 1) : orders);
  const events = labels.filter(([, list]) => list.every((x) => typeof x === "number" && Number.isFinite(x)));
  fill(
    "event",
    events.map(([name]) => [name, name]),
    "start_time",
  );
  fill("until", [["", "the last bin"], ...events.map(([name]) => [name, name] as const)], "stop_time");
  fill("conditions", names, guess("condition", "direction", "target", "cue"));
  fill("epochs", names, guess("epoch", "phase", "block"));
  for (const part of Array.from(document.querySelectorAll<HTMLElement>(".spikes"))) part.hidden = !source.spikes;
  byId<HTMLSelectElement>("loss").value = source.spikes ? "poisson" : "meanSquaredError";
  byId("source").textContent = source.name;
  offerRanges(source);
}

/** Set trials and bins to all that the array has. */
export function offerRanges(source: Source): void {
  const [trials, bins] = wholeActivity(source, selectionOf()).shape;
  for (const [name, size] of [
    ["trial", trials],
    ["bin", bins],
  ] as const)
    for (const end of ["first", "last"]) {
      const input = byId<HTMLInputElement>(`${end}-${name}`);
      input.max = String(size - 1);
      input.value = end === "first" ? "0" : input.max;
    }
}

export const selectionOf = (): Selection => ({
  array: textOf("array"),
  order: textOf("order").split(",").map(Number),
  align: {
    event: textOf("event"),
    until: textOf("until"),
    from: numberOf("from"),
    to: numberOf("to"),
    binWidth: numberOf("width"),
  },
  conditions: textOf("conditions"),
  epochs: textOf("epochs"),
  trials: [numberOf("first-trial"), numberOf("last-trial") + 1],
  bins: [numberOf("first-bin"), numberOf("last-bin") + 1],
});
