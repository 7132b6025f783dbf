import type { FitOptions } from "../../src/fit";
import { draw } from "./sweep";

/** A small fit with several starts, of which some are dropped. */
export function resumable() {
  const d = draw(11),
    activity = d.normal([10, 6, 4]),
    mask = { shape: activity.shape, data: activity.data.map((_, index) => (index % 7 === 0 ? 0 : 1)) },
    validation = { shape: activity.shape, data: activity.data.map((_, index) => (index % 14 === 0 ? 1 : 0)) };
  const options: FitOptions = {
    mask,
    validation,
    conditions: activity.data.slice(0, 10).map((_, k) => k % 2),
    network: { units: 6 },
    training: { steps: 45, starts: 3 },
    seed: 4,
  };
  return { activity, options };
}
