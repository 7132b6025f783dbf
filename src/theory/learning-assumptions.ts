import { fail, isRecord, show } from "../base";
import { isCustomActivation, type AnyActivation } from "../kernels";
import type { GradientTransform } from "../optim";

/** The properties of an optimizer that a bound depends on. */
export type SpanOf = Pick<GradientTransform, "name" | "span" | "description">;

/** Refuse what does not have the name and span of a gradient transform. */
export function checkSpan(where: string, name: string, value: unknown): void {
  const {
    name: called,
    span,
    description,
  } = (typeof value === "object" && value !== null ? value : {}) as Record<string, unknown>;
  const { preserved, because, decays = [] } = (isRecord(span) ? span : {}) as Record<string, unknown>;
  const decaying = decays === "all" || (Array.isArray(decays) && decays.every((each) => typeof each === "string"));
  const spans = (preserved === true && decaying) || (preserved === false && typeof because === "string");
  const described = description === undefined || (isRecord(description) && typeof description.kind === "string");
  if (typeof called === "string" && spans && described) return;
  fail(where, {
    expected: `${name} to be a gradient transform, or its { name, span }`,
    got: show(value),
    fix: "Pass sgd(rate), momentum(rate) or the optimizer that trains the network.",
  });
}

/**
 * How a learning rule spreads errors: from the outputs by the transposed readout, or by fixed feedback, and from unit
 * to unit by W', where it is recurrent; or the reason why it does not spread errors.
 */
export type RuleSpread =
  | { readonly errors: "readout" | "feedback"; readonly recurrent: boolean }
  | { readonly because: string };

/** The properties of a learning rule that a bound depends on. */
export interface RuleOf {
  readonly name: string;
  readonly spread: RuleSpread;
}

/** Learning by the gradient. */
export const gradientRule: RuleOf = { name: "gradient", spread: { errors: "readout", recurrent: true } };

/** Refuse what does not say how errors spread. */
export function checkSpread(where: string, name: string, value: unknown): void {
  if (!isSpread(value))
    fail(where, {
      expected: `${name} to be { errors: "readout" or "feedback", recurrent: a boolean }, or { because: a text }`,
      got: show(value),
      fix: "Say where errors enter and whether they go on from unit to unit, or why no bound follows.",
    });
}

function isSpread(value: unknown): boolean {
  const { errors, recurrent, because } = (isRecord(value) ? value : {}) as Record<string, unknown>;
  const spreads = (errors === "readout" || errors === "feedback") && typeof recurrent === "boolean";
  return spreads || typeof because === "string";
}

/** Refuse what does not have the name and spread of a learning rule. */
export function checkRuleOf(where: string, name: string, value: unknown): void {
  const { name: called, spread } = (isRecord(value) ? value : {}) as Record<string, unknown>;
  if (typeof called === "string" && isSpread(spread)) return;
  fail(where, {
    expected: `${name} to be a learning rule, or its { name, spread }`,
    got: show(value),
    fix: "Pass rflo(), eProp() or the rule that trains the network; leave it out for the gradient.",
  });
}

/** Whether the optimizer's own updates shrink W. */
export const decaysWeights = ({ span }: SpanOf): boolean =>
  span.preserved && (span.decays === "all" || span.decays?.includes("w") === true);

/** The properties of a training run that can break the learning subspace. */
export interface LearningAssumptions {
  readonly activation: AnyActivation;
  readonly optimizer: SpanOf;
  readonly noise: boolean;
  readonly constrained: boolean;
  readonly unitTimeConstants: boolean;
  readonly penalty: boolean;
  readonly rule: RuleOf;
}

const certificate =
  "Fold trajectoryCertificate over the training run: it holds for any activation and certifies the ranks reached.";

/**
 * The first assumption that fails, or undefined. A local rule whose errors come by fixed weights needs neither linear
 * units nor states without noise.
 *
 * @see docs/theory.md B5, B7, B8
 */
export function refusal(
  { activation, optimizer, noise, constrained, unitTimeConstants, penalty, rule }: LearningAssumptions,
  local: boolean,
): { readonly because: string; readonly tryInstead: string } | undefined {
  if ("because" in rule.spread)
    return {
      because: rule.spread.because,
      tryInstead: "Compute numericalRank of the weights it reached, or multilinearRank of their changes.",
    };
  if (activation !== "identity" && !local)
    return {
      because:
        `the activation ${isCustomActivation(activation) ? activation.name : activation} ` +
        "mixes directions, so states leave every fixed subspace",
      tryInstead: certificate,
    };
  if (!optimizer.span.preserved)
    return {
      because: optimizer.span.because,
      tryInstead:
        "Train by sgd or momentum, with clipByNorm if need be; or compute numericalRank of the weights it reached.",
    };
  if (noise && !local)
    return {
      because: "process noise drives the states out of the learning subspace",
      tryInstead: "Train without noise; or fold trajectoryCertificate over the run.",
    };
  if (constrained)
    return {
      because: "a mask or sign constraint on weights cuts entries out of low-rank gradients",
      tryInstead: "Train all weights freely; or compute numericalRank of the weights it reached.",
    };
  if (unitTimeConstants)
    return {
      because: "unit-wise time constants scale the entries of states and adjoints one by one",
      tryInstead: "Give all units one tau.",
    };
  if (penalty)
    return {
      because: "the penalty adds gradients that are no products of states and adjoints",
      tryInstead: "Penalize squared norms of parameters only.",
    };
  return undefined;
}
