import * as z from 'zod'
import type { Scope } from './tasks.ts'
import { addTask, listTasks } from './tasks.ts'
export const tools = [
  {
    name: 'list_tasks',
    description: 'List tasks',
    effect: 'read',
    scope: 'tasks:read',
    input: z.object({}),
    output: z.object({ tasks: z.array(z.object({ title: z.string() })) }),
    run: (s: Scope) => listTasks(s, { limit: 50 }),
  },
  {
    name: 'add_task',
    description: 'Add',
    effect: 'add',
    scope: 'tasks:write',
    input: z.object({ title: z.string() }),
    output: z.object({ title: z.string() }),
    run: async (s: Scope, a: { title: string }) => ((await addTask(s, { ...a } as never)) as any).task,
  },
]
