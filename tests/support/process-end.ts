type Close = () => Promise<unknown>

const KEY = Symbol.for('margin.closers')

/**
 * Returns the functions that run before a process of vitest ends, when every file has been tested. They are kept in the
 * global object because the environment and the tests have modules of their own.
 */
export function closers(): Close[] {
  const holder = globalThis as { [KEY]?: Close[] }
  return (holder[KEY] ??= [])
}
