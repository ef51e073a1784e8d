/** Something that the person at the keyboard can put right: shown as one line, without a stack. */
export class UserError extends Error {
  override name = 'Complaint'
}

/** Runs a command of ours to its end: exit code 1 and one line for a complaint, a stack for a mistake of ours. */
export async function runCommand(command: () => Promise<void>): Promise<never> {
  try {
    await command()
    process.exit(0)
  } catch (error) {
    console.error(error instanceof UserError ? `margin: ${hidePasswords(error.message)}` : error)
    process.exit(1)
  }
}

/** Connection strings without their passwords, wherever they stand in a text; a name or password may contain an @. */
const hidePasswords = (text: string) => text.replace(/(\w+:\/\/[^\s:/]*):(?!password@)\S*@/g, '$1:***@')

/** The shortest true account of a failure: the innermost cause knows best, in one line. */
export function reasonOf(error: unknown): string {
  let innermost = error
  for (let depth = 0; depth < 5 && innermost instanceof Error; depth++) {
    const deeper: unknown =
      innermost.cause ?? ('sourceError' in innermost ? innermost.sourceError : undefined)
    if (!deeper) break
    innermost = deeper
  }
  // An attempt at several addresses of one name has one error for each and no message of its own.
  if (innermost instanceof AggregateError) innermost = innermost.errors[0]
  const message = innermost instanceof Error ? innermost.message : String(innermost)
  return hidePasswords(message.split('\n', 1)[0]?.slice(0, 300) ?? '')
}

/** Seconds since `started` (ms since 1970), to be read: `2.7 s`. */
export const since = (started: number) => `${((Date.now() - started) / 1000).toFixed(1)} s`
