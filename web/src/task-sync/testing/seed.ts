/**
 * Returns the seed of a property test: `fixed`, unless the environment variable FAST_CHECK_SEED is a number, or
 * `random` for a fresh seed. A seed from outside is printed at the start; fast-check prints any seed with a failure.
 */
export function propertySeed(fixed: number): number {
  const wanted = process.env['FAST_CHECK_SEED']
  if (!wanted) return fixed
  const seed = wanted === 'random' ? Math.floor(Math.random() * 2 ** 31) : Number(wanted)
  if (!Number.isInteger(seed))
    throw new Error(`FAST_CHECK_SEED is a whole number or “random”, not “${wanted}”.`)
  console.log(`FAST_CHECK_SEED=${seed}`)
  return seed
}
