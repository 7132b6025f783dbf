import { exp, log } from "../base";

const rootOfTau = 2.5066282746310002; // sqrt(2 pi)

/**
 * The probability that a standard normal number is below z, to 1e-15: Marsaglia's series about 0,
 * `1/2 + phi(z) (z + z³/3 + z⁵/(3·5) + …)`; 0 or 1 beyond 8.5.
 *
 * @see Marsaglia (2004), Evaluating the normal distribution, J. Stat. Softw. 11
 */
export function normalPlace(z: number): number {
  if (z < -8.5) return 0;
  if (z > 8.5) return 1;
  let [sum, term, before] = [z, z, 0];
  for (let odd = 3; sum !== before; odd += 2) {
    term *= (z * z) / odd;
    before = sum;
    sum += term;
  }
  return 0.5 + (sum * exp(-0.5 * z * z)) / rootOfTau;
}

/** The normal number with this probability below it; places within 1e-16 of 0 or 1 count as there, at 8.2. */
export function normalQuantile(place: number): number {
  const low = Math.min(place, 1 - place);
  if (low < 1e-16) return place < 0.5 ? -8.2 : 8.2;
  // Abramowitz & Stegun 26.2.23, to 4.5e-4, then Newton steps
  const t = Math.sqrt(-2 * log(low)),
    guess = t - (2.515517 + t * (0.802853 + t * 0.010328)) / (1 + t * (1.432788 + t * (0.189269 + t * 0.001308)));
  let z = place < 0.5 ? -guess : guess;
  for (let step = 0; step < 3; step++) {
    const miss = ((normalPlace(z) - place) * rootOfTau) / exp(-0.5 * z * z);
    z -= miss / (1 + 0.5 * z * miss); // Halley: the density falls by its own z
  }
  return z;
}
