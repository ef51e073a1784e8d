import { globSync, readFileSync } from 'node:fs'

/**
 * Every clause of specs/features has a test, every test has a clause, and specs/requirements.md knows each requirement
 * and no clause that is not there: prints what has not, and fails.
 */

const ID = '[A-Z]+-\\d+'

/** All that `pattern` (one group) finds in the files, with the files it was found in. */
function collect(globs: string[], pattern: RegExp): Map<string, string> {
  const found = new Map<string, string>()
  for (const file of globSync(globs, { exclude: ['node_modules/**', 'web/dist/**'] }))
    for (const [, text = ''] of readFileSync(file, 'utf8').matchAll(pattern)) found.set(text, file)
  return found
}

const REQUIREMENTS = ['FR', 'SC'].flatMap((family) =>
  Array.from({ length: family === 'FR' ? 13 : 7 }, (_, n) => `${family}-${String(n + 1).padStart(3, '0')}`),
)

const TESTS = ['{worker,web,dev,tests,bench}/**/*.{test,spec}.ts']
const clauses = collect(['specs/features/*.md'], new RegExp(`^- \\*\\*(${ID})\\*\\* `, 'gm'))
const titles = collect(TESTS, /(?:^\s*test(?:\.\w+)?|\))\(\s*['"`]([^'"`\n]*)/gm)
const tested = new Map(
  [...titles].flatMap(
    ([title, file]) =>
      new RegExp(`^(${ID}) `)
        .exec(title)
        ?.slice(1)
        .map((id) => [id, file]) ?? [],
  ),
)

const named = collect(
  ['specs/requirements.md', 'specs/decisions/*.md'],
  /\b((?:AUTH|TASK|WEB|CHAT|MCP|OPS)-\d+)/g,
)
const required = collect(['specs/requirements.md'], /^\| ((?:FR|SC)-\d+) /gm)

const faults = [
  ...[...named].filter(([id]) => !clauses.has(id)).map(([id, file]) => `${file}: ${id} is no clause`),
  ...REQUIREMENTS.filter((id) => !required.has(id)).map((id) => `specs/requirements.md: ${id} is missing`),
  ...[...titles]
    .filter(([title]) => !new RegExp(`^${ID} `).test(title))
    .map(([title, file]) => `${file}: “${title}” names no clause`),
  ...[...tested].filter(([id]) => !clauses.has(id)).map(([id, file]) => `${file}: ${id} is in no spec`),
  ...[...clauses].filter(([id]) => !tested.has(id)).map(([id, file]) => `${file}: ${id} has no test`),
]
for (const fault of faults) console.error(fault)
console.log(`${clauses.size} clauses, ${titles.size} tests, ${faults.length} without the other`)
if (clauses.size === 0 || titles.size === 0 || faults.length > 0) process.exit(1)
