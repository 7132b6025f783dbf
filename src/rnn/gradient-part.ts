import { unpackPanel } from "../kernels";
import { zeros, type Tensor3 } from "../tensor";
import type { Plan } from "./batch";
import { runPanels, type Panel, type Run, type Span } from "./engine";
import type { Meeting } from "./meet-targets";
import type { NetworkRecord } from "./network";

/** What some of the trials add to a loss and its gradients, and the inputs' gradients of those trials alone. */
export interface GradientPart {
  readonly run: Run;
  readonly seen: ReturnType<Meeting["read"]>;
  readonly inputGradients: Tensor3;
  /** what it was computed with */
  readonly kernels: string;
}

/** Forward, loss and backward over a span of the trials; `done` sees each panel at its end. */
export function gradientPart(
  where: string,
  model: NetworkRecord,
  inputs: Tensor3,
  plan: Plan,
  targets: Meeting,
  span: Span = [0, plan.trials],
  done?: (panel: Panel) => void,
): GradientPart {
  const [begin, end] = span,
    [, steps, external] = inputs.shape,
    inputGradients = zeros([end - begin, steps, external]);
  let name = "";
  const run = runPanels(
    where,
    model,
    inputs,
    plan,
    {
      open: targets.open,
      see(panel) {
        name = panel.kernels.name;
        targets.meet(panel);
        return true;
      },
      done(panel) {
        const { first, kernels, memory } = panel;
        unpackPanel(inputGradients, kernels, memory.dSources + memory.source * 64, memory.zStep, first - begin);
        done?.(panel);
      },
    },
    span,
  );
  return { run, seen: targets.read(), inputGradients, kernels: name };
}
