/**
 * Recording in little memory: 10 000 updates of 512 units, planted changes of low rank with noise, kept by
 * tuckerStream. It prints the peak of resident memory of this process, the bound, and the error of slices that are made
 * again.
 */
import { random, tensor, tuckerStream, type Matrix } from "ltrnn";

const units = 512,
  rank = 8,
  updates = Number(process.env.UPDATES ?? 10_000),
  noise = 0.002,
  { normal } = random(1, "recorded changes"),
  draw = (count: number) => Float64Array.from({ length: count }, normal),
  left = draw(units * rank),
  right = draw(units * rank),
  course = (k: number, r: number) => Math.sin(((r + 1) * k) / updates) + 0.3 * Math.sin((7 * (r + 1) * k) / updates),
  noises = draw(2 * units * units);

/** Change k: eight directions that come at their own pace, and noise of 0.2 % of their size. */
function change(k: number): Matrix {
  const data = new Float64Array(units * units),
    shift = (k * 7919) % (units * units),
    amounts = Array.from({ length: rank }, (_, r) => course(k, r)),
    scale = noise * Math.hypot(...amounts);
  for (let i = 0, at = 0; i < units; i++)
    for (let j = 0; j < units; j++, at++) {
      let sum = scale * noises[at + shift];
      for (let r = 0; r < rank; r++) sum += amounts[r] * left[i * rank + r] * right[j * rank + r];
      data[at] = sum;
    }
  return tensor([units, units], data);
}

const stream = tuckerStream([units, units], { relativeError: 0.01 });
let own = 0;
const begun = performance.now();
for (let k = 1; k <= updates; k++) {
  const slice = change(k),
    from = performance.now();
  stream.append(slice);
  own += performance.now() - from;
}
const found = stream.result(),
  numbers = found.core.data.length + found.factors.reduce((sum, { data }) => sum + data.length, 0);
console.log(
  `${updates} updates of ${units} units: ranks ${found.core.shape.join(" x ")}, ` +
    `${((8 * numbers) / 2 ** 20).toFixed(1)} MiB kept of ` +
    `${((8 * units * units * updates) / 2 ** 30).toFixed(1)} GiB; ` +
    `bound ${found.errorBound.toExponential(2)}, largest of a slice ` +
    `${Math.max(...found.sliceErrors).toExponential(2)}; ` +
    `peak resident ${(process.resourceUsage().maxRSS / 1024).toFixed(0)} MiB; ` +
    `${(own / updates).toFixed(1)} ms a slice, ${((performance.now() - begun) / 1e3).toFixed(0)} s in all`,
);
