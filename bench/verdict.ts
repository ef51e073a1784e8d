import { median } from './statistics.ts'

/** The good runs that a verdict needs. */
const RUNS_MIN = 3

/** The verdict of several runs on a promise. */
export type Verdict = 'kept' | 'MISSED' | 'too few runs'

interface Run {
  /** 0 to 100, in the order of the promise. */
  scores: readonly number[]
  /** Cumulative layout shift. */
  cls: number
}

/** Compares the medians of the runs with what is promised: scores of at least `minScores`, a shift of at most `maxCls`. */
export function judge(runs: readonly Run[], minScores: readonly number[], maxCls: number): Verdict {
  if (runs.length < RUNS_MIN) return 'too few runs'
  const reached = minScores.every((min, index) => median(runs.map((run) => run.scores[index] ?? 0)) >= min)
  return reached && median(runs.map(({ cls }) => cls)) <= maxCls ? 'kept' : 'MISSED'
}
