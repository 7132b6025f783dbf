import { fail } from "../base";
import { innovationOf, isCustom, type CountInnovation, type Head, type Loss } from "../losses";
import type { FitNetwork } from "./fit-network";

/**
 * What counts correct the states of a filter by; undefined: outputs are what is observed, in one unit, and what they
 * miss corrects.
 */
export function readFilter(
  where: string,
  filter: NonNullable<FitNetwork["filter"]>,
  loss: Loss,
  head: Head | undefined,
): CountInnovation | undefined {
  if (filter === false) return undefined;
  const counts = !isCustom(loss) && loss.targets === "counts",
    known = head || isCustom(loss) ? undefined : innovationOf(loss, filter === true ? "score" : filter);
  if (head || isCustom(loss) || (counts && !known))
    fail(where, {
      expected: "network.filter with a loss of the library on counts, or one that compares activity and outputs",
      got: head ? `the head ${head.name}` : isCustom(loss) ? `the custom loss ${loss.name}` : `the loss ${loss.kind}`,
      fix: "Leave network.filter out, or take the mean squared error, poissonLoss or negativeBinomialLoss.",
    });
  if (!counts && filter !== true)
    fail(where, {
      expected: `a loss on counts with network.filter "${filter}"`,
      got: `the loss ${loss.kind}, whose outputs are what is observed`,
      fix: "Pass filter: true, which corrects states by what outputs miss.",
    });
  return known;
}
