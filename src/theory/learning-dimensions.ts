import type { AnyActivation } from "../kernels";
import type { RuleOf } from "./learning-assumptions";

/** Dimensions of the spans of inputs, error signals, initial states, bias and W(0) - c I. */
export interface LearningSizes {
  readonly units: number;
  readonly inputs: number;
  readonly outputs: number;
  readonly initialStates: number;
  readonly bias: number;
  readonly ofWeights: number;
}

/** The properties of a network that bounds of local rules depend on. */
export interface Locality {
  readonly rule: RuleOf;
  readonly activation: AnyActivation;
  readonly noise: boolean;
  readonly readout: { readonly reads: "rates" | "states"; readonly trains: boolean };
}

/** Bounds on the dimensions of columns and rows of weight changes, with the reason. */
export interface LearningDimensions {
  readonly columns: number;
  readonly rows: number;
  readonly because: string;
}

/**
 * Whether errors reach the units by fixed weights, and go no further: then columns of weight changes lie in the span of
 * these weights, for any states of the network (docs/theory.md B7).
 */
export function isLocal({ rule: { spread }, activation, readout }: Locality): boolean {
  if ("because" in spread || spread.recurrent) return false;
  return (spread.errors === "feedback" || !readout.trains) && (activation === "identity" || readout.reads === "states");
}

/** Of the learning subspace (B1, B6), or of a local rule (B7). */
export function learningDimensions(sizes: LearningSizes, locality: Locality): LearningDimensions {
  const { units, inputs, outputs, initialStates, bias, ofWeights } = sizes,
    sum = inputs + outputs + initialStates + bias + ofWeights;
  const whole = Math.min(sum, units),
    parts =
      `${inputs} of inputs + ${outputs} of outputs + ${initialStates} of initial ` +
      `states + ${bias} of the bias + ${ofWeights} of W(0)`;
  if (isLocal(locality)) {
    const columns = Math.min(outputs, units),
      closed = locality.activation === "identity" && !locality.noise;
    const outs = columns === 1 ? "output" : "outputs",
      errors = `errors of the ${columns} ${outs} reach the units by fixed weights`;
    return { columns, rows: closed ? whole : units, because: `${errors}, and go no further (${locality.rule.name})` };
  }
  const because =
    sum >= units
      ? `the learning subspace may be all of the ${units} dimensions: ${sum} = ${parts}`
      : `weight changes stay in the learning subspace, of dimension at most ${sum} = ${parts}`;
  return { columns: whole, rows: whole, because };
}
