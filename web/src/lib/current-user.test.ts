import { expect, test, vi } from 'vitest'
import { currentUserId, setCurrentUserId } from './current-user.ts'

test('WEB-121 to read the current user writes nothing to the device', () => {
  const stored = new Map<string, string>()
  vi.stubGlobal('localStorage', {
    getItem: (key: string) => stored.get(key) ?? null,
    setItem: (key: string, value: string) => void stored.set(key, value),
    removeItem: (key: string) => void stored.delete(key),
  })
  const textContent = JSON.stringify({
    user: { id: 'ann', name: 'Ann', email: 'ann@example.com' },
    token: 't',
  })
  vi.stubGlobal('document', { getElementById: () => ({ textContent }) })

  setCurrentUserId('ann')
  // As logging out does, while the page that names the user is still open.
  setCurrentUserId(undefined)
  expect(currentUserId()).toBe('ann')
  expect([...stored.keys()]).toEqual([])
})
