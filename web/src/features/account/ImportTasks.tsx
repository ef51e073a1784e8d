import { useRef, useState, type ChangeEvent } from 'react'
import type { ImportResult, TaskImport } from '#contract/transfer.ts'
import type * as z from 'zod'
import { api } from '../../lib/api.ts'
import { useMutation } from '../../lib/use-mutation.ts'
import { partsOf, refusalIn, tasksIn } from './import-file.ts'
import { Outcome } from './Outcome.tsx'

interface Job {
  parts: unknown[][]
  total: number
  /** Parts that the server has answered for, and what it did with them. */
  sent: number
  result: ImportResult
}

const NOTHING: ImportResult = { added: 0, updated: 0, unchanged: 0, skipped: 0 }
const countSent = ({ parts, sent }: Job) => parts.slice(0, sent).reduce((sum, part) => sum + part.length, 0)

/** An export, taken in part by part. Twice is once: what got no answer is simply sent again. */
export function ImportTasks() {
  const { mutation, send, busy } = useMutation()
  const [job, setJob] = useState<Job>()
  const latest = useRef<Job>(undefined)
  const refused = mutation.state === 'error' ? mutation.problem : undefined
  const canRetry = refused && refused.status !== 400 && job

  function show(next: Job | undefined): void {
    latest.current = next
    setJob(next)
  }

  async function goOn(): Promise<void> {
    for (let now = latest.current; now && now.sent < now.parts.length; now = latest.current) {
      const part = now.parts[now.sent] ?? []
      // What a file holds is checked by the server.
      const json = { tasks: part as z.input<typeof TaskImport>['tasks'] }
      const result = await (await api.tasks.import.$post({ json })).json()
      show({ ...now, sent: now.sent + 1, result: sum(now.result, result) })
    }
  }

  function choose(event: ChangeEvent<HTMLInputElement>): void {
    const { files } = event.target
    const file = files?.[0]
    if (!file || busy) return
    void send(async () => {
      show(undefined)
      const tasks = tasksIn(await file.text())
      show({ parts: partsOf(tasks), total: tasks.length, sent: 0, result: NOTHING })
      await goOn()
    })
    // So that the same file can be chosen again.
    event.target.value = ''
  }

  return (
    <div className="mt-8">
      <p>
        Import a file made by “Export as JSON”, from this or another account. Importing it twice is harmless.
      </p>
      <label className="button button-plain file-button mt-3" aria-busy={busy}>
        {busy ? 'Importing…' : 'Import JSON'}
        <input type="file" accept=".json,application/json" className="sr-only" onChange={choose} />
      </label>
      {busy && job && (
        <progress
          className="progress"
          aria-label="Tasks imported"
          max={Math.max(job.total, 1)}
          value={countSent(job)}
        />
      )}
      <Outcome
        mutation={mutation}
        done={job && wordsFor(job.result)}
        refused={refused && (job ? refusalIn(refused, countSent(job)) : refused.detail)}
      />
      {canRetry && (
        <button type="button" className="button button-plain mt-3" onClick={() => void send(goOn)}>
          Continue from task {(countSent(job) + 1).toLocaleString('en')}
        </button>
      )}
    </div>
  )
}

const sum = (a: ImportResult, b: ImportResult): ImportResult => ({
  added: a.added + b.added,
  updated: a.updated + b.updated,
  unchanged: a.unchanged + b.unchanged,
  skipped: a.skipped + b.skipped,
})

function wordsFor({ added, updated, unchanged, skipped }: ImportResult): string {
  const [a, u, s, k] = [added, updated, unchanged, skipped].map((count) => count.toLocaleString('en'))
  const tail = skipped > 0 ? ` ${k} skipped: deleted more than 30 days ago.` : ''
  return `Added ${a}, updated ${u}, unchanged ${s}.${tail}`
}
