import type { SavedBase } from './base.ts'
import type { Delta, Outbox } from './outbox.ts'

/** What one person's tabs share on this device. */
export interface Kept {
  outbox: Outbox
  base: SavedBase
}

/** What tabs tell each other; `gone` means that the person logged out. */
export type Message = Delta | 'gone'

/** The device under the store of one tab, for one person. None of it throws. */
export interface Device {
  read<Name extends keyof Kept>(name: Name): Promise<Kept[Name] | undefined>
  write<Name extends keyof Kept>(name: Name, value: Kept[Name]): Promise<void>
  /** Change the outbox in one transaction, over all tabs. */
  change(step: (outbox: Outbox | undefined) => Outbox): Promise<void>
  /** Run `work` while no other tab runs any under this name. */
  alone(name: 'send' | 'save', work: () => Promise<void>): Promise<void>
  tell(message: Message): void
  /** Hear what other tabs tell. */
  listen(hear: (message: Message) => void): void
  /** Whether what is kept outlives this page. */
  isDurable(): boolean
}
