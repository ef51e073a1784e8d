import { median } from './statistics.ts'

/** Runs that tell of the page and not of the machine, below which nothing is said of a promise. */
const RUNS_MIN = 3

/** Whether a promise was kept by several runs of a measurement. */
export type Verdict = 'kept' | 'MISSED' | 'too few runs'

interface Run {
  /** Of 100, in the order of the promise. */
  scores: readonly number[]
  /** Cumulative layout shift. */
  cls: number
}

/** Judges the medians of the runs by what was promised: scores of at least so much, a shift of at most so much. */
export function judge(runs: readonly Run[], scores: readonly number[], clsMost: number): Verdict {
  if (runs.length < RUNS_MIN) return 'too few runs'
  const reached = scores.every((least, index) => median(runs.map((run) => run.scores[index] ?? 0)) >= least)
  return reached && median(runs.map(({ cls }) => cls)) <= clsMost ? 'kept' : 'MISSED'
}
