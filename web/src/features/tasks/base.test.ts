import { expect, test } from 'vitest'
import { sampleTask } from '../../../../tests/support/sample-task.ts'
import { emptyBase, withAnswer, withPage } from './base.ts'

const [old, young] = [sampleTask(1), sampleTask(2)]
const later = { ...old, title: 'Later', updated_at: sampleTask(9).updated_at }

test('WEB-20 pages join into one list in order, however they overlap', () => {
  expect(withPage(withPage(emptyBase, [old]), [young, old]).tasks).toEqual([young, old])
})

test('WEB-20 a page read before an answer does not undo it', () => {
  const changed = withAnswer(withPage(emptyBase, [old]), old.id, later)
  expect(withPage(changed, [old]).tasks).toEqual([later])
  const deleted = withAnswer(withPage(emptyBase, [old, young]), old.id, undefined)
  expect(withPage(deleted, [old, young]).tasks).toEqual([young])
})

test('WEB-17 a restored task takes its place again', () => {
  const deleted = withAnswer(withPage(emptyBase, [old, young]), old.id, undefined)
  expect(withPage(withAnswer(deleted, old.id, later), [old]).tasks).toEqual([young, later])
})
