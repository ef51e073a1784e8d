import { useEffect, useEffectEvent } from 'react'
import { setSetting, readSetting } from '../../../lib/setting.ts'
import { commandOf, SINGLE_KEYS_SWITCH, type Command, type FocusContext } from './shortcuts.ts'

const WRITING = 'input:not([type="checkbox"]), textarea, select, [contenteditable]'
/** Where this device keeps that single keys are not wanted. */
const SETTING = 'margin-single-keys'

const wantsSingleKeys = (): boolean => readSetting(SETTING) !== 'off'

/** Runs what a key asks for; the switch in the help says whether single keys ask for anything. */
export function useKeyboard(run: (command: Command) => void): void {
  const onKeyDown = useEffectEvent((event: KeyboardEvent): void => {
    if (event.defaultPrevented || event.isComposing || document.querySelector('dialog[open]')) return
    const command = commandOf(event, placeOf(event.target), wantsSingleKeys())
    if (!command) return
    event.preventDefault()
    run(command)
  })

  useEffect(() => {
    const choice = document.getElementById(SINGLE_KEYS_SWITCH) as HTMLInputElement | null
    if (choice) {
      choice.checked = wantsSingleKeys()
      choice.onchange = () => setSetting(SETTING, choice.checked ? 'on' : 'off')
    }
    const listen = (event: KeyboardEvent) => onKeyDown(event)
    addEventListener('keydown', listen)
    return () => removeEventListener('keydown', listen)
  }, [])
}

function placeOf(target: EventTarget | null): FocusContext {
  if (!(target instanceof HTMLElement)) return 'elsewhere'
  if (target.closest(WRITING)) return 'writing'
  if (!target.closest('[data-task]')) return 'elsewhere'
  const part = target.dataset['part']
  return part === 'tick' || part === 'title' ? part : 'row'
}
