import type { ChatKitOptions, OpenAIChatKit } from '@openai/chatkit'
import { authorisedFetch, startSession } from '../../lib/api.ts'

/** Milliseconds after which OpenAI's script counts as one that does not come. */
const SCRIPT_WITHIN_MS = 10_000

/** An answer may take as long as it takes: the server has a limit of its own, and so has ChatKit. */
const NEVER = new AbortController().signal

/**
 * Sets OpenAI's ChatKit going with this page's person and our own backend; rejects when its script does not come.
 * Lists in other tabs look for what it has changed by themselves, as soon as one comes back to them.
 */
export async function mountChatKit(element: OpenAIChatKit): Promise<void> {
  const page = startSession()
  if (!page?.chatkit_domain_key) throw new Error('the page has come without its person')
  await Promise.race([customElements.whenDefined('openai-chatkit'), late()])
  element.setOptions(optionsOf(page.chatkit_domain_key))
}

const late = () => new Promise<never>((_, reject) => setTimeout(reject, SCRIPT_WITHIN_MS))

const optionsOf = (domainKey: string): ChatKitOptions => ({
  api: {
    url: '/api/chatkit',
    domainKey,
    fetch: (input, init) => authorisedFetch(input, { ...init, signal: init?.signal ?? NEVER }),
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
