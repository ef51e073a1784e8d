/** Returns the median, which of an even count is the mean of the middle two; NaN of no numbers. */
export function median(numbers: readonly number[]): number {
  const sorted = numbers.toSorted((a, b) => a - b)
  const half = sorted.length / 2
  return sorted.length % 2 === 1
    ? (sorted[Math.floor(half)] ?? NaN)
    : ((sorted[half - 1] ?? NaN) + (sorted[half] ?? NaN)) / 2
}

/** Returns the number below which the share `q` (0 to 1) of them lies. */
export function quantile(numbers: readonly number[], q: number): number {
  const sorted = numbers.toSorted((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))] ?? NaN
}

/** Median absolute deviations from the median from which a run is an outlier. */
const OUTLIER_DEVIATIONS = 3

/**
 * Returns for each run whether the machine was slow in it, by its speed in each. A slow run is an outlier below the median
 * (by median absolute deviations, and by a tenth of the median at least), or slower than `min`.
 */
export function slowRuns(speeds: readonly number[], min = 0): boolean[] {
  const center = median(speeds)
  const deviation = median(speeds.map((speed) => Math.abs(speed - center)))
  const slowest = center - Math.max(OUTLIER_DEVIATIONS * deviation, center / 10)
  return speeds.map((speed) => speed < slowest || speed < min)
}
