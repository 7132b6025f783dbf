import { isTensorLike, readLearned, type GivenInputs, type InputsOption } from "./inputs-option";

/** How many inputs an option makes, and of how many numbers, before anything is made: known ones count by entry. */
export interface InputSizes {
  readonly inputs: number;
  readonly parameters: number;
}

export function inputSizes(
  where: string,
  given: InputsOption | readonly InputsOption[],
  sizes: { readonly trials: number; readonly bins: number; readonly conditions: number },
): InputSizes {
  if (Array.isArray(given)) {
    const each = (given as readonly InputsOption[]).map((one) => inputSizes(where, one, sizes));
    return {
      inputs: each.reduce((sum, { inputs }) => sum + inputs, 0),
      parameters: each.reduce((sum, { parameters }) => sum + parameters, 0),
    };
  }
  const { trials, bins, conditions } = sizes,
    one = given as InputsOption;
  const ofAll = (inputs: number) => ({ inputs, parameters: conditions * bins * inputs });
  if (typeof one === "number") return ofAll(one);
  if (typeof one === "function") return ofAll(one.inputs);
  if (isTensorLike(one)) return { inputs: one.shape[2], parameters: one.data.length };
  const { count, changing, controller } = readLearned(where, "inputs", one),
    plain = ofAll(count + changing);
  return {
    inputs: plain.inputs,
    parameters: plain.parameters + trials * changing + conditions * weightsOf(controller),
  };
}

/** Weights of a controller in one condition. */
function weightsOf(controller: GivenInputs["controller"]): number {
  if (!controller) return 0;
  const { units, layers } = controller,
    widths = [units, ...layers, units];
  return widths.reduce((sum, width, l) => (l === 0 ? sum : sum + width * (widths[l - 1] + 1)), units);
}
