const twoTo600 = 4.149515568880993e180,
  twoToMinus600 = 2.409919865102884e-181;

/**
 * The unit in which squares of numbers up to `largest` are summed, so that none overflows or underflows: a power of
 * two.
 */
export const safeUnit = (largest: number): number =>
  largest > 1e140 ? twoToMinus600 : largest < 1e-140 && largest > 0 ? twoTo600 : 1;
