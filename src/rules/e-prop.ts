import { fail, isRecord, show } from "../base";
import { feedbackOf, type FeedbackOptions } from "./feedback";
import { everyParameter, type LearningRule } from "./learning-rule";
import { ruleAdjoints } from "./rule-adjoints";
import { ruleGradients } from "./rule-gradients";

/**
 * e-prop for leaky rate units: a learning signal of each unit meets an eligibility trace of each synapse,
 * `dW_ij = sum_t L_i(t) e_ij(t)`, with `e_ij(t) = phi'(x_t)_i eps_j(t)` and
 * `eps_j(t+1) = (1 - alpha) eps_j(t) + alpha h_j(t)`: the derivative of the state of unit i in the synapse while the
 * rates of all units are held fixed.
 *
 * @param signal - how errors become the learning signals: "symmetric", `L = C' e` with the current readout, or the
 * options of random feedback, `L = F e`. Default "symmetric"
 * @throws {@link LtrnnError} for another signal, numbers out of range, and unknown names
 * @remarks With random feedback it is {@link rflo}.
 * @see Bellec, Scherr, Subramoney, Hajek, Salaj, Legenstein & Maass (2020), A solution to the learning dilemma for
 * recurrent networks of spiking neurons, Nature Communications 11, equations 1, 4 and 13
 * @example eProp("symmetric").description // { kind: "eProp", signal: "symmetric" }
 */
export function eProp(signal: "symmetric" | FeedbackOptions = "symmetric"): LearningRule {
  if (signal !== "symmetric" && !isRecord(signal))
    fail("eProp", {
      expected: 'signal to be "symmetric", or a record { feedback, scale, seed }',
      got: show(signal),
      fix: 'Pass "symmetric", or {} for random feedback.',
    });
  const feedback = signal === "symmetric" ? undefined : feedbackOf("eProp", signal);
  return {
    name: feedback ? "eProp, random" : "eProp",
    description: { kind: "eProp", ...(feedback ? feedback.description : { signal: "symmetric" }) },
    trains: everyParameter,
    spread: { errors: feedback ? "feedback" : "readout", recurrent: false },
    estimate(run) {
      const [units, outputs] = [run.model.units, run.errors.shape[2]];
      const adjoints = ruleAdjoints(run, { feedback: feedback?.matrix(units, outputs), recurrent: false });
      return { gradients: ruleGradients(run, adjoints), adjoints };
    },
  };
}
