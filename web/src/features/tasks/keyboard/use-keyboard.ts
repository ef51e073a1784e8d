import { useEffect, useEffectEvent } from 'react'
import { readSetting, setSetting } from '../../../lib/setting.ts'
import { commandFor, SINGLE_KEYS_SWITCH, type Command, type FocusContext } from './shortcuts.ts'

const TEXT_FIELD = 'input:not([type="checkbox"]), textarea, select, [contenteditable]'
/** localStorage key of the switch for single-key shortcuts. */
const SETTING = 'margin-single-keys'

const singleKeysEnabled = (): boolean => readSetting(SETTING) !== 'off'

/** Runs the commands of pressed keys; the switch in the help turns single-key shortcuts off. */
export function useKeyboard(run: (command: Command) => void): void {
  const onKeyDown = useEffectEvent((event: KeyboardEvent): void => {
    if (event.defaultPrevented || event.isComposing || document.querySelector('dialog[open]')) return
    const command = commandFor(event, focusContextOf(event.target), singleKeysEnabled())
    if (!command) return
    event.preventDefault()
    run(command)
  })

  useEffect(() => {
    const choice = document.getElementById(SINGLE_KEYS_SWITCH) as HTMLInputElement | null
    if (choice) {
      choice.checked = singleKeysEnabled()
      choice.onchange = () => setSetting(SETTING, choice.checked ? 'on' : 'off')
    }
    const listener = (event: KeyboardEvent) => onKeyDown(event)
    addEventListener('keydown', listener)
    return () => removeEventListener('keydown', listener)
  }, [])
}

function focusContextOf(target: EventTarget | null): FocusContext {
  if (!(target instanceof HTMLElement)) return 'elsewhere'
  if (target.closest(TEXT_FIELD)) return 'writing'
  if (!target.closest('[data-task]')) return 'elsewhere'
  const part = target.dataset['part']
  return part === 'tick' || part === 'title' ? part : 'row'
}
