/** Order statistics of a few rounds. */

/**
 * The value below which a share of the sample lies, interpolated between neighbours.
 *
 * `share` is 0 to 1. NaN for an empty sample. The sample may be in any order and is left as it is.
 */
export function quantile(sample: readonly number[], share: number): number {
  const sorted = [...sample].sort((left, right) => left - right);
  const position = (sorted.length - 1) * share;
  const below = sorted[Math.floor(position)] ?? Number.NaN;
  const above = sorted[Math.ceil(position)] ?? Number.NaN;
  return below + (above - below) * (position - Math.floor(position));
}

/** The middle of a sample. */
export function median(sample: readonly number[]): number {
  return quantile(sample, 0.5);
}

/** A ratio over rounds: its median, and the quartiles as a measure of its noise. */
export interface Spread {
  readonly median: number;
  readonly low: number;
  readonly high: number;
}

/** Median and quartiles. */
export function spreadOf(sample: readonly number[]): Spread {
  return {
    median: median(sample),
    low: quantile(sample, 0.25),
    high: quantile(sample, 0.75),
  };
}

/**
 * An interval that holds the true median with a probability of at least 95 %, whatever the distribution.
 *
 * Its ends are values of the sample, as many places from either end as the sign test allows. Below 6 values there is no
 * such interval and the whole range is returned.
 *
 * **Source** Order statistics: the number of values below the median is binomial with p = 1/2.
 */
export function medianInterval(sample: readonly number[]): { low: number; high: number } {
  const sorted = [...sample].sort((left, right) => left - right);
  const count = sorted.length;
  let dropped = 0;
  let probability = 2 ** -count;
  let outside = 2 * probability;
  while (dropped < count / 2 - 1) {
    probability *= (count - dropped) / (dropped + 1);
    if (outside + 2 * probability > 0.05) break;
    outside += 2 * probability;
    dropped++;
  }
  return { low: sorted[dropped]!, high: sorted[count - 1 - dropped]! };
}
