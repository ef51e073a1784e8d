import type { SavedBase } from './base.ts'
import type { Delta, Outbox } from './outbox.ts'

/** What one person's tabs share on this device. */
export interface Kept {
  outbox: Outbox
  base: SavedBase
}

/** What tabs tell each other; `gone` means that the person logged out. */
export type Message = Delta | 'gone'

/** The device under the store of one tab, for one person. What cannot be kept is no reason to throw. */
export interface Device {
  read<Name extends keyof Kept>(name: Name): Promise<Kept[Name] | undefined>
  /** Keep the base; whether it is kept. */
  write(base: SavedBase): Promise<boolean>
  /**
   * Change the outbox in one transaction, over all tabs; whether it is kept. If not, all is as it was, though `step`
   * may have been called.
   */
  change(step: (outbox: Outbox | undefined) => Outbox): Promise<boolean>
  /** Run `work` while no other tab runs any under this name. May reject, as the browser's locks may. */
  alone(name: 'send' | 'save', work: () => Promise<void>): Promise<void>
  tell(message: Message): void
  /** Hear what other tabs tell. */
  listen(hear: (message: Message) => void): void
}
