import { once } from 'node:events'
import { createServer } from 'node:net'
import { UserError } from './command.ts'

/** Both addresses of `localhost`: another server on one of them would hide ours from some browsers. */
const ADDRESSES = ['127.0.0.1', '::1']

/** @throws UserError when `port` is taken or forbidden; `setting` is the variable that chooses another */
export async function checkPort(port: number, setting: string, purpose: string): Promise<void> {
  for (const address of ADDRESSES) {
    const code = await listenError(port, address)
    if (code === 'EADDRINUSE') throw portTaken(port, setting, purpose)
    if (code === 'EACCES')
      throw new UserError(`port ${port}, for ${purpose}, is not open to you; ${suggestPort(port, setting)}`)
  }
}

export const portTaken = (port: number, setting: string, purpose: string) =>
  new UserError(`port ${port}, for ${purpose}, is taken; ${suggestPort(port, setting)}`)

const suggestPort = (port: number, setting: string) =>
  `choose another: ${setting}=${port < 65_000 ? port + 10 : port - 10} npm start`

/** Returns the error code of listening, if it fails; callers ignore that of an address which this machine lacks. */
async function listenError(port: number, host: string): Promise<string | undefined> {
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
