import { feedbackOf, type FeedbackOptions } from "./feedback";
import { everyParameter, type LearningRule } from "./learning-rule";
import { ruleAdjoints } from "./rule-adjoints";
import { ruleGradients } from "./rule-gradients";

/**
 * Backpropagation through time whose errors enter the network through fixed random weights F instead of the transposed
 * readout; from unit to unit they pass through W', as usual.
 *
 * @throws {@link LtrnnError} for numbers out of range, and unknown names
 * @remarks In linear networks the bounds of gradient descent hold, with F in place of the readout (B6).
 * @see Lillicrap, Cownden, Tweed & Akerman (2016), Random synaptic feedback weights support error backpropagation for
 * deep learning, Nature Communications 7
 * @example feedbackAlignment({ seed: 3 }).spread // { errors: "feedback", recurrent: true }
 */
export function feedbackAlignment(options?: FeedbackOptions): LearningRule {
  const feedback = feedbackOf("feedbackAlignment", options);
  return {
    name: "feedbackAlignment",
    description: { kind: "feedbackAlignment", ...feedback.description },
    trains: everyParameter,
    spread: { errors: "feedback", recurrent: true },
    estimate(run) {
      const [units, outputs] = [run.model.units, run.errors.shape[2]];
      const adjoints = ruleAdjoints(run, { feedback: feedback.matrix(units, outputs), recurrent: true });
      return { gradients: ruleGradients(run, adjoints), adjoints };
    },
  };
}
