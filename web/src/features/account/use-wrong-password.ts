import { useEffect, useRef } from 'react'
import type { Course } from '../../lib/use-send.ts'
import { isWrongPassword } from './account-server.ts'

/** What to say under the field of a password that the server refused; the `field` takes the focus then. */
export function useWrongPassword(course: Course) {
  const field = useRef<HTMLInputElement>(null)
  const problem = course.state === 'refused' && isWrongPassword(course.problem) ? course.problem : undefined

  useEffect(() => {
    if (problem) field.current?.focus()
  }, [problem])

  return { wrong: problem?.detail, field }
}
