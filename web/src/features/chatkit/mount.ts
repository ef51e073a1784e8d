import type { ChatKitOptions, OpenAIChatKit } from '@openai/chatkit'
import { authorisedFetch, startSession } from '../../lib/api.ts'

/** Milliseconds after which OpenAI's script counts as unavailable. */
const SCRIPT_TIMEOUT_MS = 10_000

/** Replaces the default timeout of a request: the server and ChatKit have limits of their own. */
const NO_TIMEOUT = new AbortController().signal

/**
 * Starts OpenAI's ChatKit with this page's user and our own backend. Task lists in other tabs pull its changes when the
 * user returns to them.
 *
 * @throws Error when the page has no user or OpenAI's script does not load in time
 */
export async function mountChatKit(element: OpenAIChatKit): Promise<void> {
  const page = startSession()
  if (!page?.chatkit_domain_key) throw new Error('The page has no user or no domain key.')
  await Promise.race([customElements.whenDefined('openai-chatkit'), scriptTimeout()])
  element.setOptions(createOptions(page.chatkit_domain_key))
}

const scriptTimeout = () => new Promise<never>((_, reject) => setTimeout(reject, SCRIPT_TIMEOUT_MS))

const createOptions = (domainKey: string): ChatKitOptions => ({
  api: {
    url: '/api/chatkit',
    domainKey,
    fetch: (input, init) => authorisedFetch(input, { ...init, signal: init?.signal ?? NO_TIMEOUT }),
  },
  locale: 'en',
  frameTitle: 'Assistant',
  theme: matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light',
  history: { enabled: true, showDelete: true, showRename: true },
  startScreen: {
    greeting: 'What needs doing?',
    prompts: [
      { label: 'What is open?', prompt: 'Show what is open' },
      { label: 'Add two tasks', prompt: 'Add buy milk and call Ann' },
    ],
  },
  threadItemActions: { retry: true, feedback: false },
  composer: { placeholder: 'Add, find or finish a task', attachments: { enabled: false } },
})
