// A request that pauses between its headers and its body.
import { Readable } from 'node:stream'

import { ask, type Reply } from '../people/people.ts'
import type { Server } from '../server/start.ts'

export interface PausedRequest {
  /** Sends the body. */
  readonly finish: () => Promise<Reply>
}

/** Sends the headers of a request, which the server then authorizes; `payload` is JSON, a text or a file as it is, or undefined for no body. */
export async function pausedRequest(
  server: Server,
  url: string,
  payload: object | string | Buffer | undefined,
  headers: Record<string, string> = {},
  method: Parameters<typeof ask>[1] = 'POST',
): Promise<PausedRequest> {
  const waited = Promise.withResolvers<void>()
  const body = new Readable({ read: () => waited.resolve() })
  const reply = ask(server, method, url, { payload: body, headers: { 'content-type': 'application/json', ...headers } })
  await waited.promise
  const finish = (): Promise<Reply> => {
    const isRaw = typeof payload === 'string' || Buffer.isBuffer(payload)
    if (payload !== undefined) body.push(isRaw ? payload : JSON.stringify(payload))
    body.push(null)
    return reply
  }
  return { finish }
}

export const bearer = ({ token }: { readonly token: string | undefined }) => ({ authorization: `Bearer ${token}` })
