import { useState, useSyncExternalStore } from 'react'
import { Slip } from '../../ui/Slip.tsx'
import { AddTask } from './AddTask.tsx'
import { passes } from './filter.ts'
import { focusAdd } from './focus.ts'
import { Headline } from './Headline.tsx'
import { LoadProblem } from './LoadProblem.tsx'
import { Refusals } from './Refusals.tsx'
import { startStore } from './start-store.ts'
import { SyncNote } from './SyncNote.tsx'
import { TaskList } from './TaskList.tsx'
import { SkeletonRows } from './TasksSkeleton.tsx'
import { useFilter } from './use-filter.ts'
import { useShortcut } from './use-shortcut.ts'
import { useTaskActions } from './use-task-actions.ts'

/** The task list: everything on /tasks under the top bar. */
export function TasksApp() {
  const [store] = useState(startStore)
  const { tasks, complete, loadProblem, unsent, trouble, refusals } = useSyncExternalStore(
    store.subscribe,
    store.getSnapshot,
  )
  const [filter, setFilter] = useFilter()
  const { actions, editing, leaving, deleted, undo, forget } = useTaskActions(store, filter)
  useShortcut('n', focusAdd)

  const done = tasks.reduce((count, task) => count + Number(task.completed), 0)
  const open = tasks.length - done
  const isKnown = complete || tasks.length > 0
  const knowledge = isKnown ? 'some' : loadProblem ? 'none' : 'none yet'
  return (
    <div className="tasks-app">
      <Headline {...{ open, done, complete, knowledge, filter }} onFilter={setFilter} />
      <SyncNote unsent={unsent} trouble={trouble} />
      <Refusals refusals={refusals} onRetry={store.retry} onDiscard={store.discard} />
      <AddTask onAdd={store.add} />
      {loadProblem && <LoadProblem problem={loadProblem} onRetry={() => void store.load()} />}
      {isKnown && (
        <TaskList
          tasks={tasks.filter((task) => leaving.has(task.id) || passes(filter, task))}
          {...{ filter, editing, leaving, actions }}
        />
      )}
      {!isKnown && !loadProblem && <SkeletonRows />}
      <div className="blank-lines" />
      <output className="sr-only">{complete && `${open} open, ${done} done`}</output>
      <output className="sr-only">{deleted && `Deleted ${deleted.title}. It can be undone.`}</output>
      {deleted && (
        <Slip key={deleted.id} action={{ label: 'Undo', run: () => undo(deleted) }} onGone={forget}>
          Deleted “{deleted.title}”
        </Slip>
      )}
    </div>
  )
}
