import type { SavedReplica } from './replica.ts'
import type { Delta, Outbox } from './outbox.ts'

/** What one person's tabs share on this device. */
export interface StoredState {
  outbox: Outbox
  base: SavedReplica
}

/** What tabs tell each other; `gone` means that the person logged out. */
export type TabMessage = Delta | 'gone'

/** The device under the store of one tab, for one person. What cannot be kept is no reason to throw. */
export interface SyncStorage {
  read<Name extends keyof StoredState>(name: Name): Promise<StoredState[Name] | undefined>
  /** Keep the base; whether it is kept. */
  saveReplica(base: SavedReplica): Promise<boolean>
  /**
   * Change the outbox in one transaction, over all tabs; whether it is kept. If not, all is as it was, though `step`
   * may have been called.
   */
  updateOutbox(step: (outbox: Outbox | undefined) => Outbox): Promise<boolean>
  /** Run `work` while no other tab runs any under this name. May reject, as the browser's locks may. */
  withLock(name: 'send' | 'save', work: () => Promise<void>): Promise<void>
  broadcast(message: TabMessage): void
  /** Hear what other tabs tell. */
  onMessage(hear: (message: TabMessage) => void): void
}
