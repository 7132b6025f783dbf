import { checksum, fail, random, readOptions, show, type FieldsOf } from "../base";
import { checkFinite, checkTensor, zerosFor, type Matrix, type Tensor } from "../tensor";

/** Fixed weights that bring errors of the outputs back to the units, in place of the transposed readout. */
export interface FeedbackOptions {
  /** F (units × outputs); default: normal entries of standard deviation scale / sqrt(outputs) */
  readonly feedback?: Matrix;
  /** default 1 */
  readonly scale?: number;
  /** default 0 */
  readonly seed?: number;
}

const feedbackFields = {
  feedback: { is: "checked", check: checkFeedback },
  scale: { is: "number", above: 0, fallback: 1 },
  seed: { is: "seed", fallback: 0 },
} as const satisfies FieldsOf<FeedbackOptions>;

function checkFeedback(where: string, name: string, value: unknown): void {
  checkTensor(where, name, value as Tensor, 2);
  checkFinite(where, name, value as Tensor);
}

/** Feedback once sizes are known, and what it is as plain data. */
export interface Feedback {
  readonly description: { readonly [fact: string]: unknown };
  matrix(units: number, outputs: number): Matrix;
}

export function feedbackOf(where: string, given: FeedbackOptions | undefined): Feedback {
  const { feedback, scale, seed } = readOptions<FeedbackOptions, typeof feedbackFields>(where, given, feedbackFields);
  if (feedback) {
    const { shape, data } = feedback;
    return {
      description: { feedback: { shape: [...shape], checksum: checksum(data) } },
      matrix(units, outputs) {
        if (shape[0] !== units || shape[1] !== outputs)
          fail("ruleObjective", {
            expected: `feedback of ${where} (${units} × ${outputs}), units by outputs`,
            got: show(feedback),
            fix: "Give it a row for every unit and a column for every output, or leave it out.",
          });
        return feedback;
      },
    };
  }
  return { description: { feedback: "random", scale, seed }, matrix: drawn(seed, scale) };
}

/** The last matrix that was drawn is kept: every update asks for the same one. */
function drawn(seed: number, scale: number): Feedback["matrix"] {
  let last: Matrix | undefined;
  return (units, outputs) => {
    if (last?.shape[0] === units && last.shape[1] === outputs) return last;
    const { normal } = random(seed, "feedback"),
      drawing: Matrix = zerosFor("ruleObjective", [units, outputs]);
    for (let i = 0; i < drawing.data.length; i++) drawing.data[i] = (scale * normal()) / Math.sqrt(outputs);
    last = drawing;
    return drawing;
  };
}
