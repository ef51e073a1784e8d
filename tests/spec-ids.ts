import { existsSync, globSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

const ID = '[A-Z]+-\\d+'
const TESTS = ['{worker,web,dev,tests,bench}/**/*.{test,spec}.ts']
const CODE = ['{worker,web,dev,tests,bench}/**/*.{ts,tsx,astro,mjs}', '*.config.ts']
const DOCUMENTS = ['*.md', 'specs/**/*.md', '{worker,web,dev,tests,bench}/**/*.md']
const EXCLUDED = ['**/node_modules/**', 'web/dist/**', 'CHANGELOG.md']
/** Its examples are full of faults. */
const OWN_TEST = 'tests/spec-ids.test.ts'

const REQUIREMENTS = ['FR', 'SC'].flatMap((family) =>
  Array.from({ length: family === 'FR' ? 13 : 7 }, (_, n) => `${family}-${String(n + 1).padStart(3, '0')}`),
)

interface Match {
  file: string
  text: string
}

export interface SpecReport {
  clauses: number
  tests: number
  /** One line for each fault. */
  faults: string[]
}

/**
 * Checks that clauses, tests, requirements and decisions refer to each other, and that the documents name files that
 * exist.
 *
 * - A clause of specs/features is defined once and has a test; the title of a test starts with the id of a clause.
 * - specs/requirements.md lists each requirement; it and the decisions name existing clauses.
 * - Decisions are numbered from 1 without a gap or a duplicate, and carry their number in the heading.
 * - Paths in the documents, and decisions named in code, exist.
 */
export function checkSpecs(root: string): SpecReport {
  /** The first group of each match of `pattern`, with the file it was found in. */
  const collect = (globs: string[], pattern: RegExp): Match[] =>
    globSync(globs, { cwd: root, exclude: EXCLUDED }).flatMap((file) =>
      [...readFileSync(join(root, file), 'utf8').matchAll(pattern)].map(([, text = '']) => ({ file, text })),
    )

  const clauses = collect(['specs/features/*.md'], new RegExp(`^- \\*\\*(${ID})\\*\\* `, 'gm'))
  const titles = collect(TESTS, /(?:^\s*test(?:\.\w+)?|\))\(\s*['"`]([^'"`\n]*)/gm)
  const named = collect(
    ['specs/requirements.md', 'specs/decisions/*.md'],
    /\b((?:AUTH|TASK|WEB|CHAT|MCP|OPS)-\d+)/g,
  )
  const required = idsOf(collect(['specs/requirements.md'], /^\| ((?:FR|SC)-\d+) /gm))
  const decisions = collect(['specs/decisions/*.md'], /^# (\d+)\. /g)
  const paths = [
    ...collect(DOCUMENTS, /(?<![\w/.-])((?:worker|web|dev|tests|bench|specs|docs)\/[\w./*{},-]*[\w*}/])/g),
    ...collect(DOCUMENTS, /\]\((?!\w+:|#)([^)#]+)/g).map(relativeTo),
    ...collect([...DOCUMENTS, ...CODE], /\b(specs\/decisions\/[\w-]+\.md)/g).filter(
      ({ file }) => file !== OWN_TEST,
    ),
  ]

  const clauseIds = idsOf(clauses)
  const tested = new Map(
    titles.map(({ text, file }) => [new RegExp(`^(${ID}) `).exec(text)?.[1] ?? '', file] as const),
  )
  const faults = [
    ...duplicatesOf(clauses).map(({ text, file }) => `${file}: ${text} is defined twice`),
    ...named
      .filter(({ text }) => !clauseIds.has(text))
      .map(({ text, file }) => `${file}: ${text} is not a clause`),
    ...REQUIREMENTS.filter((id) => !required.has(id)).map((id) => `specs/requirements.md: ${id} is missing`),
    ...titles
      .filter(({ text }) => !new RegExp(`^${ID} `).test(text))
      .map(({ text, file }) => `${file}: “${text}” does not start with the id of a clause`),
    ...[...tested]
      .filter(([id]) => id !== '' && !clauseIds.has(id))
      .map(([id, file]) => `${file}: ${id} is not in specs/features`),
    ...clauses
      .filter(({ text }) => !tested.has(text))
      .map(({ text, file }) => `${file}: ${text} has no test`),
    ...numberingFaults(decisions),
    ...paths
      .filter(({ text }) => !exists(root, text))
      .map(({ text, file }) => `${file}: ${text} does not exist`),
  ]
  return { clauses: clauseIds.size, tests: titles.length, faults: [...new Set(faults)] }
}

const idsOf = (matches: Match[]): Set<string> => new Set(matches.map(({ text }) => text))

const duplicatesOf = (matches: Match[]): Match[] =>
  matches.filter(({ text }, n) => matches.findIndex((other) => other.text === text) < n)

/** A link is relative to the document that holds it. */
const relativeTo = ({ file, text }: Match): Match => ({ file, text: join(dirname(file), text) })

/** Whether a path, or a pattern such as `*.test.ts`, leads to a file or a folder. */
const exists = (root: string, path: string): boolean =>
  existsSync(join(root, path)) || globSync(path, { cwd: root }).length > 0

/** Decisions count from 1; the number of the file is that of its heading. */
function numberingFaults(decisions: Match[]): string[] {
  const numbers = decisions.map(({ file }) => Number(/(\d{4})-[^/]*$/.exec(file)?.[1]))
  const missing = Array.from({ length: Math.max(0, ...numbers) }, (_, n) => n + 1).filter(
    (number) => !numbers.includes(number),
  )
  return [
    ...decisions
      .filter(({ text }, n) => Number(text) !== numbers[n])
      .map(({ file, text }) => `${file}: its heading says ${text}`),
    ...decisions
      .filter((_, n) => numbers.indexOf(numbers[n] ?? 0) < n)
      .map(({ file }) => `${file}: another decision has this number`),
    ...missing.map((number) => `specs/decisions: there is no decision ${number}`),
  ]
}

if (import.meta.main) {
  const { clauses, tests, faults } = checkSpecs('.')
  for (const fault of faults) console.error(fault)
  console.log(`${clauses} clauses, ${tests} tests, ${faults.length} faults`)
  if (clauses === 0 || tests === 0 || faults.length > 0) process.exit(1)
}
