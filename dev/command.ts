/** An error that the user can put right: printed as one line, without a stack. */
export class UserError extends Error {
  override name = 'UserError'
}

/** Runs a command and exits: with 0, or with 1 after printing one line for a UserError, a stack for anything else. */
export async function runCommand(command: () => Promise<void>): Promise<never> {
  try {
    await command()
    process.exit(0)
  } catch (error) {
    console.error(error instanceof UserError ? `margin: ${hidePasswords(error.message)}` : error)
    process.exit(1)
  }
}

/** Replaces the passwords of all connection strings in a text; a user name or password may contain an @. */
const hidePasswords = (text: string) => text.replace(/(\w+:\/\/[^\s:/]*):(?!password@)\S*@/g, '$1:***@')

/** Returns the message of an error's innermost cause, which is the most specific one: its first line, no passwords. */
export function reasonOf(error: unknown): string {
  let innermost = error
  for (let depth = 0; depth < 5 && innermost instanceof Error; depth++) {
    const deeper: unknown =
      innermost.cause ?? ('sourceError' in innermost ? innermost.sourceError : undefined)
    if (!deeper) break
    innermost = deeper
  }
  // Connecting to a name with several addresses gives one error for each, and no message for all.
  if (innermost instanceof AggregateError) innermost = innermost.errors[0]
  const message = innermost instanceof Error ? innermost.message : String(innermost)
  return hidePasswords(message.split('\n', 1)[0]?.slice(0, 300) ?? '')
}

/** Formats the time since `startedAt` (ms since 1970) in seconds: `2.7 s`. */
export const formatElapsed = (startedAt: number) => `${((Date.now() - startedAt) / 1000).toFixed(1)} s`
