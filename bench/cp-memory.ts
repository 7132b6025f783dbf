/** The most memory that a decomposition takes, in a process that does nothing else. */
import { cpAls, random } from "ltrnn";

const shape = [300, 300, 500],
  rank = 20,
  { normal } = random(7, "memory"),
  factors = shape.map((n) => Float64Array.from({ length: n * rank }, () => normal())),
  data = new Float64Array(45e6);
for (let i = 0, at = 0; i < 300; i++)
  for (let j = 0; j < 300; j++)
    for (let k = 0; k < 500; k++, at++) {
      let sum = 0.04 * normal();
      for (let r = 0; r < rank; r++)
        sum += factors[0][i * rank + r] * factors[1][j * rank + r] * factors[2][k * rank + r];
      data[at] = sum;
    }
const megabytes = () => process.resourceUsage().maxRSS / 1024,
  before = megabytes();
cpAls({ shape, data }, rank);
console.log(
  `CP, ${shape.join(" x ")}, R = ${rank}: the process took ` +
    `${before.toFixed(0)} MB with its tensor of ${((data.length * 8) / 2 ** 20).toFixed(0)} MB ` +
    `before, and ${megabytes().toFixed(0)} MB at most`,
);
