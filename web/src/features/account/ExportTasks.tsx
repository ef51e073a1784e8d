import { useState } from 'react'
import type { ExportFormat } from '#contract/transfer.ts'
import { currentUserId } from '../../lib/current-user.ts'
import { useMutation } from '../../lib/use-mutation.ts'
import { countUnsent } from '../../task-sync/local-data.ts'
import { fetchExport, saveFile } from './download.ts'
import { Outcome } from './Outcome.tsx'

const formatSize = (bytes: number): string => `${Math.ceil(bytes / 1_000).toLocaleString('en')} kB`

/** Warns that unsent changes are not in the file, which the server made. */
function describeUnsent(unsent: number): string {
  if (unsent === 0) return ''
  return ` It lacks ${unsent === 1 ? 'one change that is' : `${unsent} changes that are`} not saved yet. Open your list, then export again.`
}

/** Downloads all tasks as a file. */
export function ExportTasks() {
  const { mutation, send, busy } = useMutation()
  const [bytes, setBytes] = useState(0)
  const [name, setName] = useState('')
  const [unsent, setUnsent] = useState(0)
  const refused = mutation.state === 'error' ? mutation.problem : undefined

  const run = (format: ExportFormat) =>
    send(async () => {
      setBytes(0)
      const [file, count] = await Promise.all([
        fetchExport(format, setBytes),
        countUnsent(currentUserId() ?? ''),
      ])
      saveFile(file)
      setName(file.name)
      setUnsent(count)
    })

  return (
    <div>
      <p>Download all your tasks: open, done and recently deleted.</p>
      <p className="mt-3 flex flex-wrap gap-3">
        {(['json', 'csv'] as const).map((format) => (
          <button
            key={format}
            type="button"
            className="button button-plain"
            aria-busy={busy}
            onClick={() => void run(format)}
          >
            Export as {format.toUpperCase()}
          </button>
        ))}
      </p>
      {busy && <p className="outcome">{formatSize(bytes)} so far…</p>}
      <Outcome
        mutation={mutation}
        done={`${name}, ${formatSize(bytes)}.${describeUnsent(unsent)}`}
        failed={refused && `${refused.detail} Nothing was saved.`}
      />
    </div>
  )
}
