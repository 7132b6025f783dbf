import { LowTensorRankRNN, type LowTensorRankFit } from "ltrnn";
import type { Findings, Progress, Settings } from "./analyze";
import type { Recording } from "./select-recording";
import type { Source } from "./source";

/** What the page asks of its worker. */
export type Request =
  | { readonly ask: "read"; readonly name: string; readonly bytes: Uint8Array }
  | {
      readonly ask: "fit";
      readonly recording: Recording;
      readonly settings: Settings;
      readonly start?: LowTensorRankFit | undefined;
    }
  | { readonly ask: "stop" };

/** What the worker says. */
export type Reply =
  | { readonly say: "source"; readonly source: Source }
  | { readonly say: "progress"; readonly progress: Progress | Findings }
  | { readonly say: "end" }
  | { readonly say: "error"; readonly message: string };

/** Findings as they were sent: messages lose the class of a model. */
export const received = ({ fit, ...rest }: Findings): Findings => ({
  ...rest,
  fit: { ...fit, model: new LowTensorRankRNN(fit.model.params, fit.model.setting) },
});
