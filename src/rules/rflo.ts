import { feedbackOf, type FeedbackOptions } from "./feedback";
import { everyParameter, type LearningRule } from "./learning-rule";
import { ruleAdjoints } from "./rule-adjoints";
import { ruleGradients } from "./rule-gradients";

/**
 * Random feedback local online learning (RFLO): errors reach each unit through fixed random weights F, and multiply a
 * trace of its presynaptic rates that decays with its own time constant; no error passes from unit to unit.
 *
 * For rates that are read out, `dW_ij = sum_t (F e_t)_i phi'(x_t)_i p_j(t)`, with the trace
 * `p_j(t+1) = (1 - alpha) p_j(t) + alpha h_j(t)`. The readout follows its own errors.
 *
 * @throws {@link LtrnnError} for numbers out of range, and unknown names
 * @remarks In linear networks, and where states are read out, weight changes have no rank above the outputs' (B7).
 * @see Murray (2019), Local online learning in recurrent networks with random feedback, eLife 8: for rates that leak;
 * here, as everywhere in this library, states do
 * @example rflo({ seed: 3 }).trains.includes("w") // true
 */
export function rflo(options?: FeedbackOptions): LearningRule {
  const feedback = feedbackOf("rflo", options);
  return {
    name: "rflo",
    description: { kind: "rflo", ...feedback.description },
    trains: everyParameter,
    spread: { errors: "feedback", recurrent: false },
    estimate(run) {
      const [units, outputs] = [run.model.units, run.errors.shape[2]];
      const adjoints = ruleAdjoints(run, { feedback: feedback.matrix(units, outputs), recurrent: false });
      return { gradients: ruleGradients(run, adjoints), adjoints };
    },
  };
}
