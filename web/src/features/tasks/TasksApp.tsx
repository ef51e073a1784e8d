import { useMemo, useState, useSyncExternalStore } from 'react'
import { Slip } from '../../ui/Slip.tsx'
import { AddTask } from './AddTask.tsx'
import { isWhole, passes } from './filter.ts'
import { Headline } from './Headline.tsx'
import { ListTools } from './ListTools.tsx'
import { LoadProblem } from './LoadProblem.tsx'
import { Refusals } from './Refusals.tsx'
import { Search } from './Search.tsx'
import { matcherOf } from './search.ts'
import { startStore } from './start-store.ts'
import { SyncNote } from './SyncNote.tsx'
import { TaskList } from './TaskList.tsx'
import { SkeletonRows, ToolsSkeleton } from './TasksSkeleton.tsx'
import { useAnnouncer } from './use-announcer.ts'
import { useCommands } from './use-commands.ts'
import { useDeletions } from './use-deletions.ts'
import { useKeyboard } from './use-keyboard.ts'
import { useTaskActions } from './use-task-actions.ts'
import { useView } from './use-view.ts'

/** The task list: everything on /tasks under the top bar. */
export function TasksApp() {
  const [store] = useState(startStore)
  const snapshot = useSyncExternalStore(store.subscribe, store.getSnapshot)
  const { tasks, done, complete, readProblem, refusals } = snapshot
  const { view, setFilter, setQuery } = useView()
  const deletions = useDeletions()
  const { actions, editing, leaving, asked, focusRow } = useTaskActions(store, view.filter, deletions.note)

  const matches = useMemo(() => matcherOf(view.query), [view.query])
  const shown = useMemo(
    () =>
      isWhole(view)
        ? tasks
        : tasks.filter(
            (task) =>
              editing.has(task.id) || ((leaving.has(task.id) || passes(view.filter, task)) && matches(task)),
          ),
    [tasks, view, matches, editing, leaving],
  )
  const open = tasks.length - done
  const said = useAnnouncer({ open, done, complete, query: view.query, found: shown.length, deletions })

  const { undo, run } = useCommands({ store, shown, actions, focusRow, setFilter, deletions })
  useKeyboard(run)

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
      <SyncNote snapshot={snapshot} />
      <Refusals refusals={refusals} onRetry={store.retry} onDiscard={store.discard} />
      <AddTask onAdd={store.add} />
      {loadProblem && <LoadProblem problem={loadProblem} some={isKnown} onRetry={() => void store.load()} />}
      {isKnown && (
        <TaskList tasks={shown} {...{ view, editing, leaving, asked, actions }} onClearSearch={clearSearch} />
      )}
      {!isKnown && !loadProblem && <SkeletonRows />}
      <div className="blank-lines" />
      <output className="sr-only">{said}</output>
      {deletions.offered && deletions.latest && (
        <Slip key={deletions.latest.id} action={{ label: 'Undo', run: undo }} onGone={deletions.withdraw}>
          Deleted “{deletions.latest.title}”
        </Slip>
      )}
    </div>
  )
}
