import { dirname } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Plugin } from 'esbuild'

/** The modules whose paths match `path`, which is Go's kind of pattern, but not `except`. */
interface Modules {
  path: RegExp
  except?: RegExp
}

/**
 * Modules of the assistant's packages that nothing here reaches, which tree shaking cannot know: OpenAI's API except for
 * the two ways to a model, tools described by zod (ours are described by JSON Schema), and sandboxes
 * (specs/decisions/0025-unreached-modules-are-stubs.md).
 */
const UNREACHED: Modules[] = [
  { path: /\/openai\/resources\/.*\.mjs$/, except: /\/resources\/(chat|responses|index|shared)/ },
  { path: /\/openai\/helpers\/zod\.mjs$/ },
  { path: /\/agents-core\/dist\/sandbox\/(memory|capabilities)/ },
]

/** Zod's messages in fifty languages that nobody here chooses; English, the default, is imported by itself. */
const ZOD_LOCALES: Modules = { path: /\/zod\/v4\/locales\/index\.js$/ }

/** The agent is not a client of MCP servers, and a Worker starts no processes: the browser's variant is enough. */
const NODE_MCP: Modules = { path: /\/agents-core\/dist\/shims\/mcp-server\/node\.mjs$/ }
const BROWSER_MCP = `export { MCPServerStdio as NodeMCPServerStdio, MCPServerSSE as NodeMCPServerSSE,
  MCPServerStreamableHttp as NodeMCPServerStreamableHttp } from './browser.mjs'`

/** Returns the plugins that leave out of the Worker what it never runs. */
export const leaveOut = (): Plugin[] => [
  replaceModules(ZOD_LOCALES, () => 'export {}'),
  replaceModules(NODE_MCP, () => BROWSER_MCP),
  ...UNREACHED.map(stubModules),
]

/**
 * Bundles each export of the modules as a class that can be constructed, as OpenAI's client does with every resource, and
 * extended. A call of it throws, and so does whatever is read of an instance.
 */
export const stubModules = (modules: Modules): Plugin =>
  replaceModules(modules, async (path) => {
    const names = Object.keys((await import(pathToFileURL(path).href)) as object)
    const message = `not bundled: ${path.replace(/^.*\/node_modules\//, '')}`
    return `const fail = () => { throw new Error(${JSON.stringify(message)}) }
      function unreached() { return new.target ? new Proxy({}, { get: fail }) : fail() }
      export { ${names.map((name) => `unreached as ${name}`).join(', ')} }`
  })

/** The bundling fails when nothing matches: the package has moved what was meant. */
function replaceModules(
  { path: filter, except }: Modules,
  write: (path: string) => string | Promise<string>,
): Plugin {
  return {
    name: 'leave-out',
    setup(build) {
      let matched = false
      build.onLoad({ filter }, async ({ path }) => {
        if (except?.test(path)) return undefined
        matched = true
        return { contents: await write(path), resolveDir: dirname(path) }
      })
      build.onEnd(() => (matched ? {} : { errors: [{ text: `no module matches ${String(filter)}` }] }))
    },
  }
}
