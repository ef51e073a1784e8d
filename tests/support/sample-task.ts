import type { Task } from '#contract/task.ts'

/** Returns a task created `minute` minutes into a day, with an id to match. */
export function sampleTask(minute: number, change: Partial<Task> = {}): Task {
  const time = new Date(Date.UTC(2026, 10, 21, 8, minute)).toISOString()
  return {
    id: `0199a1b2-3c4d-7e8f-9012-${String(minute).padStart(12, '0')}`,
    user_id: '0199a1b2-0000-7000-8000-000000000001',
    title: `Task ${minute}`,
    description: null,
    completed: false,
    created_at: time,
    updated_at: time,
    ...change,
  }
}
