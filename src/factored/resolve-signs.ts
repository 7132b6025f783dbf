import { checkMask, modeProduct, zeros, type Matrix, type Tensor } from "../tensor";
import { unitForm } from "./canonical";
import { checkCp, checkModelOf, cpToTensor, type Cp } from "./cp";
import { inUnit } from "./in-unit";

/** A CP decomposition whose signs follow the data. Plain data. */
export interface SignResolution extends Cp {
  /**
   * (modes × rank) the balance of a column, in [-1, 1]: squared inner products of the data's fibers with it, those
   * above zero less those below, over their sum. Near 0 the data say nothing about its sign; below 0 it points against
   * them, since columns turn around in pairs only
   */
  readonly balance: Matrix;
}

/**
 * The same tensor with the signs of its columns such that most of the data point along them: of a component, each
 * column is held against the fibers of what x leaves for it, x less the other components. Those along which squared
 * inner products are more often negative turn around; where their number is odd, the least certain of all columns of
 * the component goes against its data. Order and scale stay.
 *
 * @param mask - (as x) 1 observed, 0 missing: missing entries are taken from the model
 * @throws {@link LtrnnError} when the model does not fit x, or an observed entry is not finite
 * @remarks O(modes · entries · rank). The canonical form of a result needs no data, but a small change of x may turn
 * its signs, where two entries of a column are nearly the largest.
 * @see Bro, Acar & Kolda (2008), Resolving the sign ambiguity in the singular value decomposition, J. Chemometrics 22;
 * Bro, Leardi & Johnsen (2013), Solving the sign indeterminacy for multiway models, J. Chemometrics 27
 * @example resolveSigns(tensor([1, 2], [2, 4]), { weights: tensor([1], [1]), factors: [tensor([1, 1], [-1]), tensor([2,
 * 1], [-2, -4])] }).factors[1].data // Float64Array [2, 4]
 */
export function resolveSigns(x: Tensor, cp: Cp, mask?: Tensor): SignResolution {
  const where = "resolveSigns";
  checkCp(where, cp);
  checkModelOf(where, x, cp);
  if (mask !== undefined) checkMask(where, "mask", mask, x.shape, "x");
  const { x: inside, unit } = inUnit(where, x, mask),
    rank = cp.weights.shape[0],
    modes = cp.factors.length,
    model = unitForm(where, cp, [], new Array<number>(rank).fill(-unit)),
    rest = residual(inside, model, mask),
    balance = zeros([modes, rank]),
    flips = cp.factors.map(() => new Float64Array(rank).fill(1));
  for (let r = 0; r < rank; r++) {
    const left = sum(rest, cpToTensor(componentOf(model, r))),
      // the columns as they were given, so that signs that cancel between weight and columns stay as they are
      own = cp.factors.map((f, mode) => alongGiven(model.factors[mode], f, r)),
      balances = own.map((column, mode) => balanceOf(modeProduct(left, column, mode))),
      turned = balances.map((value) => value < 0),
      odd = turned.filter(Boolean).length % 2 === 1;
    if (odd) {
      const least = balances.reduce(
        (best, value, mode) => (Math.abs(value) < Math.abs(balances[best]) ? mode : best),
        0,
      );
      turned[least] = !turned[least];
    }
    turned.forEach((turn, mode) => {
      if (turn) flips[mode][r] = -1;
      balance.data[mode * rank + r] = balances[mode] === 0 ? 0 : flips[mode][r] * balances[mode];
    });
  }
  return {
    weights: cp.weights,
    factors: cp.factors.map(({ shape, data }, mode) => ({
      shape,
      data: data.map((value, i) => (value === 0 ? 0 : flips[mode][i % rank] * value)),
    })),
    balance,
  };
}

/** Squared inner products, those above zero less those below, over their sum; 0 where all are zero. */
function balanceOf({ data }: Tensor): number {
  const largest = data.reduce((most, h) => Math.max(most, Math.abs(h)), 0);
  let above = 0,
    below = 0;
  for (const h of data) {
    const part = largest === 0 ? 0 : h / largest;
    if (part > 0) above += part * part;
    else below += part * part;
  }
  return above + below === 0 ? 0 : (above - below) / (above + below);
}

/** x less the model; 0 where x is missing. */
function residual(x: Tensor, model: Cp, mask: Tensor | undefined): Tensor {
  const { data } = cpToTensor(model);
  return { shape: x.shape, data: data.map((value, i) => (mask?.data[i] === 0 ? 0 : x.data[i] - value)) };
}

const sum = (a: Tensor, b: Tensor): Tensor => ({ shape: a.shape, data: a.data.map((value, i) => value + b.data[i]) });

const componentOf = ({ weights, factors }: Cp, r: number): Cp => ({
  weights: { shape: [1], data: weights.data.slice(r, r + 1) },
  factors: factors.map(({ shape: [size, rank], data }) => ({
    shape: [size, 1],
    data: data.filter((_, i) => i % rank === r),
  })),
});

/** Column r of a unit form as a row (1 × size), with the sign of the column that it was made of. */
function alongGiven({ shape: [size, rank], data }: Matrix, { data: given }: Matrix, r: number): Matrix {
  const row = data.filter((_, i) => i % rank === r),
    at = row.findIndex((value) => value !== 0),
    sign = at >= 0 && Math.sign(given[at * rank + r]) !== Math.sign(row[at]) ? -1 : 1;
  return { shape: [1, size], data: row.map((value) => sign * value) };
}
