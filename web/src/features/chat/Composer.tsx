import type { KeyboardEvent, RefObject } from 'react'
import { CHAT_MESSAGE_MAX_CHARS } from '#contract/limits.ts'

interface ComposerProps {
  field: RefObject<HTMLTextAreaElement | null>
  text: string
  running: boolean
  onText: (text: string) => void
  onSend: (text: string) => void
  onStop: () => void
}

/** The message field: Enter sends, Shift+Enter starts a new line. */
export function Composer({ field, text, running, onText, onSend, onStop }: ComposerProps) {
  const message = text.trim()
  const excess = Array.from(message).length - CHAT_MESSAGE_MAX_CHARS

  function send(): void {
    if (message && excess <= 0 && !running) onSend(message)
  }

  function onKeyDown(event: KeyboardEvent): void {
    if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return
    event.preventDefault()
    send()
  }

  return (
    <form
      className="composer"
      onSubmit={(event) => {
        event.preventDefault()
        if (running) onStop()
        else send()
      }}
    >
      <textarea
        ref={field}
        rows={1}
        aria-label="Message to the assistant"
        placeholder="What needs doing?"
        enterKeyHint="send"
        dir="auto"
        value={text}
        aria-invalid={excess > 0}
        aria-describedby={excess > 0 ? 'too-long' : undefined}
        onChange={(event) => onText(event.target.value)}
        onKeyDown={onKeyDown}
      />
      <button className="composer-button" data-stop={running || undefined}>
        {running ? 'Stop' : 'Send'}
      </button>
      {excess > 0 && (
        <p className="field-error" id="too-long" role="alert">
          {excess} characters too many.
        </p>
      )}
    </form>
  )
}
