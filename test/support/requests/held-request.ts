// A request that stops between its headers and its body while something else happens.
import { Readable } from 'node:stream'

import { ask } from '../people/people.ts'
import type { Reply } from '../people/people.ts'
import type { Server } from '../server/start.ts'

export interface Held {
  /** Sends the body. */
  readonly finish: () => Promise<Reply>
}

/** A request whose headers were looked at and whose body is still to come: JSON, a text as it is, or undefined for one that stays empty. */
export async function held(
  server: Server,
  url: string,
  payload: object | string | undefined,
  headers: Record<string, string> = {},
  method: Parameters<typeof ask>[1] = 'POST',
): Promise<Held> {
  const waited = Promise.withResolvers<void>()
  const body = new Readable({ read: () => waited.resolve() })
  const reply = ask(server, method, url, { payload: body, headers: { 'content-type': 'application/json', ...headers } })
  await waited.promise
  const finish = (): Promise<Reply> => {
    if (payload !== undefined) body.push(typeof payload === 'string' ? payload : JSON.stringify(payload))
    body.push(null)
    return reply
  }
  return { finish }
}

export const bearer = ({ token }: { readonly token: string | undefined }) => ({ authorization: `Bearer ${token}` })
