import { createPortal } from 'react-dom'
import type { TaskSnapshot, TaskStore } from '../../task-sync/task-store.ts'
import { Toast } from '../../ui/Toast.tsx'
import { Refusals } from './Refusals.tsx'
import { SyncNote } from './SyncNote.tsx'
import type { Deletions } from './use-deletions.ts'

/** The element at the foot of the window that holds all notices (layouts/NewVersion.astro). */
const noticesElement = document.getElementById('slips')

interface NoticesProps {
  store: TaskStore
  snapshot: TaskSnapshot
  deletions: Deletions
  onUndo: () => void
}

/** The notices of the list: the state of the sync, what the server refused, and the offer to undo a deletion. */
export function Notices({ store, snapshot, deletions, onUndo }: NoticesProps) {
  const { latest, offered, dismiss } = deletions
  return (
    noticesElement &&
    createPortal(
      <>
        <SyncNote snapshot={snapshot} />
        <Refusals refusals={snapshot.refusals} onRetry={store.retry} onDiscard={store.discard} />
        {offered && latest && (
          <Toast key={latest.id} action={{ label: 'Undo', run: onUndo }} onDismiss={dismiss}>
            Deleted “{latest.title}”
          </Toast>
        )}
      </>,
      noticesElement,
    )
  )
}
