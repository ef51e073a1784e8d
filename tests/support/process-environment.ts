import { builtinEnvironments, type Environment } from 'vitest/runtime'
import { closers } from './process-end.ts'

/** Vitest's environment of Node, which at the end of the process closes what its test files have shared. */
export default {
  name: 'margin',
  viteEnvironment: 'ssr',
  async setup(global, options) {
    const node = await builtinEnvironments.node.setup(global, options)
    return {
      async teardown() {
        await Promise.all(closers().map((close) => close()))
        await node.teardown(global)
      },
    }
  },
} satisfies Environment
