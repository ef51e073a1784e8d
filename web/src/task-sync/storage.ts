import type { Delta, Outbox } from './outbox.ts'
import type { SavedReplica } from './replica.ts'

/** What a user's tabs share on this device; the names are the keys it is stored under. */
export interface StoredState {
  outbox: Outbox
  /** The replica. */
  base: SavedReplica
}

/** A message between tabs; `gone` when the user has logged out. Tabs with another version of this code may read it. */
export type TabMessage = Delta | 'gone'

/** The storage, locks and channel of one tab, for one user. A write that fails resolves with false. */
export interface SyncStorage {
  read<Name extends keyof StoredState>(name: Name): Promise<StoredState[Name] | undefined>
  /** Resolves with whether the replica is stored. */
  saveReplica(replica: SavedReplica): Promise<boolean>
  /**
   * Changes the outbox in one transaction across all tabs; resolves with whether it is stored. If not, the outbox is
   * unchanged, though `step` may have been called.
   */
  updateOutbox(step: (outbox: Outbox | undefined) => Outbox): Promise<boolean>
  /** Runs `work` while no other tab runs work under this name. May reject, as the browser's locks may. */
  withLock(name: 'send' | 'save', work: () => Promise<void>): Promise<void>
  /** Sends a message to the other tabs. */
  broadcast(message: TabMessage): void
  /** Sets the listener for messages of other tabs. */
  onMessage(listener: (message: TabMessage) => void): void
}
