/** The middle of the numbers; of an even count the mean of both. NaN of none. */
export function median(numbers: readonly number[]): number {
  const sorted = numbers.toSorted((a, b) => a - b)
  const half = sorted.length / 2
  return sorted.length % 2 === 1
    ? (sorted[Math.floor(half)] ?? NaN)
    : ((sorted[half - 1] ?? NaN) + (sorted[half] ?? NaN)) / 2
}

/** The number below which the share `q` (0 to 1) of them lies. */
export function quantile(numbers: readonly number[], q: number): number {
  const sorted = numbers.toSorted((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))] ?? NaN
}

/** Deviations from the median, in units of the usual one, from which a run is not like the others. */
const STRANGE = 3

/**
 * Which runs the machine was slowed down in: `speeds` says how fast it was in each. A run is told apart when it is
 * far below the median of all by the median absolute deviation, and by a tenth at least; or below `floor`.
 */
export function slowRuns(speeds: readonly number[], floor = 0): boolean[] {
  const middle = median(speeds)
  const usual = median(speeds.map((speed) => Math.abs(speed - middle)))
  const least = middle - Math.max(STRANGE * usual, middle / 10)
  return speeds.map((speed) => speed < least || speed < floor)
}
