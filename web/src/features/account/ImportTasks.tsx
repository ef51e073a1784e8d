import { useRef, useState, type ChangeEvent } from 'react'
import type { ImportResult, TaskImport } from '#contract/transfer.ts'
import type * as z from 'zod'
import { api } from '../../lib/api.ts'
import { useMutation } from '../../lib/use-mutation.ts'
import { splitIntoParts, describeRefusal, parseExport } from './import-file.ts'
import { Outcome } from './Outcome.tsx'

interface ImportJob {
  parts: unknown[][]
  total: number
  /** How many parts the server has imported, and the sum of its results. */
  sent: number
  result: ImportResult
}

const NO_TASKS: ImportResult = { added: 0, updated: 0, unchanged: 0, skipped: 0 }
const countSent = ({ parts, sent }: ImportJob) =>
  parts.slice(0, sent).reduce((sum, part) => sum + part.length, 0)

/** Imports an export part by part. Importing is idempotent, so a part whose response was lost is sent again. */
export function ImportTasks() {
  const { mutation, send, busy } = useMutation()
  const [job, setJob] = useState<ImportJob>()
  const latest = useRef<ImportJob>(undefined)
  const refused = mutation.state === 'error' ? mutation.problem : undefined
  const canRetry = refused && refused.status !== 400 && job

  function show(next: ImportJob | undefined): void {
    latest.current = next
    setJob(next)
  }

  async function sendRemaining(): Promise<void> {
    for (
      let current = latest.current;
      current && current.sent < current.parts.length;
      current = latest.current
    ) {
      const part = current.parts[current.sent] ?? []
      // The server validates the tasks.
      const json = { tasks: part as z.input<typeof TaskImport>['tasks'] }
      const result = await (await api.tasks.import.$post({ json })).json()
      show({ ...current, sent: current.sent + 1, result: addResults(current.result, result) })
    }
  }

  function choose(event: ChangeEvent<HTMLInputElement>): void {
    const { files } = event.target
    const file = files?.[0]
    if (!file || busy) return
    void send(async () => {
      show(undefined)
      const tasks = parseExport(await file.text())
      show({ parts: splitIntoParts(tasks), total: tasks.length, sent: 0, result: NO_TASKS })
      await sendRemaining()
    })
    // Lets the user choose the same file again.
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
        done={job && describeResult(job.result)}
        failed={refused && (job ? describeRefusal(refused, countSent(job)) : refused.detail)}
      />
      {canRetry && (
        <button type="button" className="button button-plain mt-3" onClick={() => void send(sendRemaining)}>
          Continue from task {(countSent(job) + 1).toLocaleString('en')}
        </button>
      )}
    </div>
  )
}

const addResults = (a: ImportResult, b: ImportResult): ImportResult => ({
  added: a.added + b.added,
  updated: a.updated + b.updated,
  unchanged: a.unchanged + b.unchanged,
  skipped: a.skipped + b.skipped,
})

function describeResult({ added, updated, unchanged, skipped }: ImportResult): string {
  const [a, u, s, k] = [added, updated, unchanged, skipped].map((count) => count.toLocaleString('en'))
  const tail = skipped > 0 ? ` ${k} skipped: deleted more than 30 days ago.` : ''
  return `Added ${a}, updated ${u}, unchanged ${s}.${tail}`
}
