import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { newFolder } from '../tests/support/start.ts'
import { hashOf, isUpToDate, type BundleRecord } from './bundle-record.ts'

test('OPS-132 a bundle is up to date until a source or one of its files has changed', () => {
  const root = newFolder()
  const write = (path: string, text: string) => writeFileSync(join(root, path), text)
  mkdirSync(join(root, 'dist/worker'), { recursive: true })
  write('source.ts', 'one')
  write('dist/worker/index.js', 'bundled')
  expect(isUpToDate(root)).toBe(false)
  const record: BundleRecord = {
    files: { 'index.js': { bytes: 7, modules: ['source.ts'], imports: [] } },
    sources: ['source.ts'],
    hash: hashOf(['source.ts'], root),
  }
  write('dist/worker.json', JSON.stringify(record))
  expect(isUpToDate(root)).toBe(true)
  write('source.ts', 'two')
  expect(isUpToDate(root)).toBe(false)
  rmSync(join(root, 'source.ts'))
  expect(isUpToDate(root)).toBe(false)
  write('source.ts', 'one')
  expect(isUpToDate(root)).toBe(true)
  write('dist/worker/index.js', 'cut')
  expect(isUpToDate(root)).toBe(false)
  rmSync(join(root, 'dist/worker/index.js'))
  expect(isUpToDate(root)).toBe(false)
})
