import { useMemo, useState, useSyncExternalStore } from 'react'
import { createPortal } from 'react-dom'
import { Slip } from '../../ui/Slip.tsx'
import { AddTask } from './AddTask.tsx'
import { isWhole, passes } from './filter.ts'
import { Headline } from './Headline.tsx'
import { ListTools } from './ListTools.tsx'
import { LoadProblem } from './LoadProblem.tsx'
import { Refusals } from './Refusals.tsx'
import { Search } from './Search.tsx'
import { matcherOf } from './search.ts'
import { startStore } from '../../task-sync/start-store.ts'
import { SyncNote } from './SyncNote.tsx'
import { TaskList } from './list/TaskList.tsx'
import { SkeletonRows, ToolsSkeleton } from './TasksSkeleton.tsx'
import { useAnnouncer } from './use-announcer.ts'
import { useCommands } from './keyboard/use-commands.ts'
import { useDeletions } from './use-deletions.ts'
import { useKeyboard } from './keyboard/use-keyboard.ts'
import { useTaskActions } from './use-task-actions.ts'
import { useView } from './use-view.ts'

/** Where what is told over the page lies; the notice of a new version is there already. */
const slips = document.getElementById('slips')

/** The task list: everything on /tasks under the top bar, and its notices. */
export function TasksApp() {
  const [store] = useState(startStore)
  const snapshot = useSyncExternalStore(store.subscribe, store.getSnapshot)
  const { tasks, done, complete, readProblem, refusals } = snapshot
  const { view, setFilter, setQuery } = useView()
  const deletions = useDeletions()
  const { actions, editing, leaving, kept, keep, asked, focusRow } = useTaskActions(
    store,
    view,
    deletions.note,
  )

  const matches = useMemo(() => matcherOf(view.query), [view.query])
  const shown = useMemo(
    () =>
      isWhole(view)
        ? tasks
        : tasks.filter(
            (task) =>
              editing.has(task.id) ||
              kept.has(task.id) ||
              leaving.has(task.id) ||
              (passes(view.filter, task) && matches(task)),
          ),
    [tasks, view, matches, editing, leaving, kept],
  )
  const open = tasks.length - done
  const said = useAnnouncer({ open, done, complete, query: view.query, found: shown.length, deletions })

  const { undo, run } = useCommands({ store, shown, actions, keep, focusRow, setFilter, deletions })
  useKeyboard(run)

  const add = (title: string): void => keep(store.add(title))

  function clearSearch(): void {
    setQuery('')
    run('search')
  }

  const isKnown = complete || tasks.length > 0
  const loadProblem = complete ? undefined : readProblem
  const knowledge = isKnown ? 'some' : loadProblem ? 'none' : 'none yet'
  return (
    <div className="tasks-app">
      <Headline {...{ open, complete, knowledge }} />
      {isKnown ? (
        <ListTools
          {...{ view, complete }}
          counts={{ all: tasks.length, open, done }}
          onFilter={setFilter}
          onHelp={() => run('help')}
        >
          <Search query={view.query} onQuery={setQuery} onLeave={() => run('next')} />
        </ListTools>
      ) : (
        !loadProblem && <ToolsSkeleton />
      )}
      <AddTask onAdd={add} />
      {loadProblem && <LoadProblem problem={loadProblem} some={isKnown} onRetry={() => void store.load()} />}
      {isKnown && (
        <TaskList tasks={shown} {...{ view, editing, leaving, asked, actions }} onClearSearch={clearSearch} />
      )}
      {!isKnown && !loadProblem && <SkeletonRows />}
      <div className="blank-lines" />
      <output className="sr-only">{said}</output>
      {slips &&
        createPortal(
          <>
            <SyncNote snapshot={snapshot} />
            <Refusals refusals={refusals} onRetry={store.retry} onDiscard={store.discard} />
            {deletions.offered && deletions.latest && (
              <Slip
                key={deletions.latest.id}
                action={{ label: 'Undo', run: undo }}
                onGone={deletions.withdraw}
              >
                Deleted “{deletions.latest.title}”
              </Slip>
            )}
          </>,
          slips,
        )}
    </div>
  )
}
