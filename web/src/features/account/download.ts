import type { ExportFormat } from '#contract/transfer.ts'
import { api } from '../../lib/api.ts'
import { networkProblem } from '../../lib/problem.ts'

/** Milliseconds without a byte after which a download is aborted. */
const STALL_MS = 20_000

/**
 * Downloads an export; `onBytes` is called with the bytes received so far.
 *
 * @throws when the download breaks off, so that a partial file is never saved as a whole one
 */
export async function fetchExport(format: ExportFormat, onBytes: (bytes: number) => void): Promise<File> {
  const controller = new AbortController()
  let timer = setTimeout(() => controller.abort(), STALL_MS)
  try {
    const response = await api.tasks.export.$get(
      { query: { format } },
      { init: { signal: controller.signal } },
    )
    const parts: BlobPart[] = []
    let bytes = 0
    for (const reader = response.body?.getReader(); reader;) {
      const { value, done } = await reader.read().catch((error: unknown) => {
        throw networkProblem(error)
      })
      if (done) break
      clearTimeout(timer)
      timer = setTimeout(() => controller.abort(), STALL_MS)
      parts.push(value)
      onBytes((bytes += value.byteLength))
    }
    const name = /filename="([\w.-]+)"/.exec(response.headers.get('Content-Disposition') ?? '')?.[1]
    const type = response.headers.get('Content-Type') ?? ''
    return new File(parts, name ?? `margin-tasks.${format}`, { type })
  } finally {
    clearTimeout(timer)
  }
}

/** Saves a file among the browser's downloads. */
export function saveFile(file: File): void {
  const link = document.createElement('a')
  link.href = URL.createObjectURL(file)
  link.download = file.name
  link.click()
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000)
}
