import { useState, useSyncExternalStore } from 'react'
import { AddTaskForm } from './AddTaskForm.tsx'
import { Headline } from './Headline.tsx'
import { ListTools } from './ListTools.tsx'
import { LoadProblem } from './LoadProblem.tsx'
import { Notices } from './Notices.tsx'
import { Search } from './Search.tsx'
import { startStore } from '../../task-sync/start-store.ts'
import { TaskList } from './list/TaskList.tsx'
import { SkeletonRows, ToolsSkeleton } from './TasksSkeleton.tsx'
import { useAnnouncer } from './use-announcer.ts'
import { useCommands } from './keyboard/use-commands.ts'
import { useDeletions } from './use-deletions.ts'
import { useKeyboard } from './keyboard/use-keyboard.ts'
import { useShownTasks } from './use-shown-tasks.ts'
import { useTaskActions } from './use-task-actions.ts'
import { useView } from './use-view.ts'

/** The task list: everything on /tasks under the top bar, and its notices. */
export function TasksApp() {
  const [store] = useState(startStore)
  const snapshot = useSyncExternalStore(store.subscribe, store.getSnapshot)
  const { tasks, done, complete, readProblem } = snapshot
  const { view, setFilter, setQuery } = useView()
  const deletions = useDeletions()
  const { actions, editing, leaving, exempt, exemptFromFilter, focusRequest, requestFocus } = useTaskActions(
    store,
    view,
    deletions.record,
  )
  const shown = useShownTasks({ tasks, view, editing, leaving, exempt })
  const open = tasks.length - done
  const announcement = useAnnouncer({
    open,
    done,
    complete,
    query: view.query,
    found: shown.length,
    deletions,
  })
  const { undo, run } = useCommands({
    store,
    shown,
    actions,
    exemptFromFilter,
    requestFocus,
    setFilter,
    deletions,
  })
  useKeyboard(run)

  const add = (title: string): void => exemptFromFilter(store.add(title))

  function clearSearch(): void {
    setQuery('')
    run('search')
  }

  const isKnown = complete || tasks.length > 0
  const loadProblem = complete ? undefined : readProblem
  return (
    <div className="tasks-app">
      <Headline {...{ open, complete }} state={isKnown ? 'known' : loadProblem ? 'unavailable' : 'loading'} />
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
      <AddTaskForm onAdd={add} />
      {loadProblem && (
        <LoadProblem problem={loadProblem} isPartial={isKnown} onRetry={() => void store.load()} />
      )}
      {isKnown && (
        <TaskList
          tasks={shown}
          {...{ view, editing, leaving, focusRequest, actions }}
          onClearSearch={clearSearch}
        />
      )}
      {!isKnown && !loadProblem && <SkeletonRows />}
      <div className="blank-lines" />
      <output className="sr-only">{announcement}</output>
      <Notices {...{ store, snapshot, deletions }} onUndo={undo} />
    </div>
  )
}
