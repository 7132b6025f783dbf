import { fail, readOptions, show, type FieldsOf } from "../base";
import { mapParams } from "../tensor";
import { checkRate, describeSchedule, type Schedule, type ScheduleDescription } from "./schedule";
import { scheduleOf } from "./schedule-from";
import { checkGradients, checkStep, nameOf, preserved, type DescribedTransform, type TransformKind } from "./transform";

/**
 * Multiply by minus the learning rate: the last part of a chain.
 *
 * @param rate - a number of at least 0, or a schedule
 * @throws {@link LtrnnError} when it is neither, and at an update for which the schedule gives no finite number
 * @example scaleByRate(0.5).update({ x: tensor([1], [3]) }, { step: 0 }, {})[0].x.data // [-1.5]
 */
export const scaleByRate = (rate: Schedule): DescribedTransform<{ step: number }> =>
  scaleByRateOf("scaleByRate", { rate });

const table = { rate: { is: "checked", check: checkRate, needed: true } } as const satisfies FieldsOf<{
  rate: Schedule;
}>;

export function scaleByRateOf(where: string, given: { readonly rate: Schedule }): DescribedTransform<{ step: number }> {
  const { rate } = readOptions(where, given, table);
  const description = { kind: "scaleByRate", rate: describeSchedule(rate) } as const;
  return {
    name: nameOf(description),
    description,
    span: preserved,
    init: () => ({ step: 0 }),
    update(gradients, memory) {
      checkGradients("scaleByRate", gradients);
      checkStep("scaleByRate", memory);
      const { step } = memory;
      const now = typeof rate === "number" ? rate : rate(step);
      if (typeof now !== "number" || !Number.isFinite(now) || now < 0)
        fail("scaleByRate", {
          expected: "a schedule that gives finite rates of at least 0",
          got: `${show(now)} at step ${step}`,
          fix: "Let the schedule return a finite number of at least 0 for every step from 0.",
        });
      return [mapParams(gradients, (g) => scaled(g, -now)), { step: step + 1 }];
    },
  };
}

function scaled(data: Float64Array, factor: number): Float64Array {
  const out = new Float64Array(data.length);
  for (let i = 0; i < data.length; i++) out[i] = data[i] * factor;
  return out;
}

export const scaleByRateKind: TransformKind = {
  kind: "scaleByRate",
  make: (where, { rate, ...rest }: { readonly rate: number | ScheduleDescription }) =>
    scaleByRateOf(where, { ...rest, rate: scheduleOf(where, rate) }),
  free: ["rate"],
  descends: true,
};
