import { once } from 'node:events'
import { createServer } from 'node:net'
import { UserError } from './command.ts'

/** Both that `localhost` may mean: a page that is on one only would hide ours from some browsers. */
const ADDRESSES = ['127.0.0.1', '::1']

/** @throws Complaint when `port` is taken; `setting` is the variable that chooses another. */
export async function checkPort(port: number, setting: string, purpose: string): Promise<void> {
  for (const address of ADDRESSES) {
    const code = await failureOfListening(port, address)
    if (code === 'EADDRINUSE') throw portTaken(port, setting, purpose)
    if (code === 'EACCES')
      throw new UserError(`port ${port}, for ${purpose}, is not open to you; ${other(port, setting)}`)
  }
}

export const portTaken = (port: number, setting: string, purpose: string) =>
  new UserError(`port ${port}, for ${purpose}, is taken; ${other(port, setting)}`)

const other = (port: number, setting: string) =>
  `choose another: ${setting}=${port < 65_000 ? port + 10 : port - 10} npm start`

/** The code of what goes wrong, if anything does; an address that this machine lacks is none of our business. */
async function failureOfListening(port: number, host: string): Promise<string | undefined> {
  const server = createServer()
  try {
    server.listen({ port, host, exclusive: true })
    await once(server, 'listening')
    server.close()
    await once(server, 'close')
    return undefined
  } catch (error) {
    return (error as NodeJS.ErrnoException).code
  }
}
