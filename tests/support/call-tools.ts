import { expect } from 'vitest'
import * as z from 'zod'
import type { ToolTask, Undo } from '../../worker/contract/tool.ts'
import { tools } from '../../worker/tasks/tools.ts'
import { openDatabase } from './open-database.ts'
import type { TestUser } from './people.ts'
import type { TestWorker } from './worker.ts'

/** Output of a write and of list_tasks together: a test knows which of the two it has asked for. */
interface ToolOutput {
  status: string
  task: ToolTask
  tasks: ToolTask[]
  next_cursor: string | null
}

/** Returns functions that run tools on the database of a test's Worker, as MCP and the chat do. */
export function callTools(worker: TestWorker) {
  const database = openDatabase(worker)

  /** Runs a tool; holds its output to its own schema and counts its statements. */
  const run = async (user: TestUser, name: string, input: unknown) => {
    const tool = tools.find((one) => one.name === name)
    if (!tool) throw new Error(`no tool ${name}`)
    worker.tap.clear()
    const result = await tool.run({ database, userId: user.id }, input)
    const statements = worker.tap.requests.map((texts) => texts.length)
    if (!result.ok) return { ...result, statements }
    // The schema has the fields of one of the tools; see ToolOutput.
    return {
      ...result,
      statements,
      output: z.custom<ToolOutput>().parse(tool.output.strict().parse(result.output)),
    }
  }

  /** Runs a tool that must succeed, in one statement. */
  const succeed = async (user: TestUser, name: string, input: unknown) => {
    const result = await run(user, name, input)
    if (!result.ok) throw new Error(result.error.message)
    expect(result.statements).toEqual([1])
    return { ...result.output, undo: result.undo }
  }

  /** Runs a tool that must fail; its message is in words of the product. */
  const fail = async (user: TestUser, name: string, input: unknown) => {
    const result = await run(user, name, input)
    if (result.ok) throw new Error(`${name} succeeded`)
    expect(result.error.message).not.toMatch(/ZodError|"path"|invalid_type|select|insert/)
    return { ...result.error, statements: result.statements }
  }

  return { run, succeed, fail }
}

/** Sends the request that an `undo` describes. */
export async function sendUndo(user: TestUser, undo: Undo | undefined): Promise<Response> {
  if (!undo) throw new Error('there is nothing to undo')
  const { method, path, body, if_match } = undo
  return user.call(method, path, body, if_match === undefined ? {} : { 'If-Match': if_match })
}
