// A client with another IP address of this machine, which speaks HTTPS to a proxy and keeps cookies.
import type { IncomingHttpHeaders } from 'node:http'
import { request } from 'node:https'

import type { ClientReply, ClientRequest, ServerClient } from '../support/server/server-client.ts'

export interface HttpsReply extends ClientReply {
  readonly headers: IncomingHttpHeaders
}

export interface HttpsRequest extends ClientRequest {
  readonly headers?: Readonly<Record<string, string>>
}

export interface HttpsOptions {
  readonly port: number
  /** The host name of the request; the connection goes to this machine in any case. */
  readonly host: string
  /** The certificate authority that the client trusts, in PEM. */
  readonly ca: string
  /** The IP address from which the client connects. */
  readonly from: string
}

export class HttpsClient implements ServerClient {
  readonly #options: HttpsOptions
  /** The cookies of `Set-Cookie`, by name. */
  readonly cookies = new Map<string, string>()

  constructor(options: HttpsOptions) {
    this.#options = options
  }

  now(): number {
    return Date.now()
  }

  /** Sends one request on a new connection; keeps the cookies of the answer. */
  async ask(method: string, path: string, options: HttpsRequest = {}): Promise<HttpsReply> {
    const { port, host, ca, from } = this.#options
    const { headers, body } = this.#message(options)
    const { promise, resolve, reject } = Promise.withResolvers<HttpsReply>()
    const connection = { host: '127.0.0.1', port, servername: host, ca, localAddress: from, agent: false }
    const sent = request({ ...connection, method, path, headers }, (answer) => {
      let text = ''
      answer.setEncoding('utf8').on('data', (part: string) => (text += part))
      answer.on('error', reject)
      answer.on('end', () => {
        const json = answer.headers['content-type']?.includes('json') === true
        const parsed = json ? (JSON.parse(text) as Record<string, unknown>) : {}
        resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body: parsed, text })
      })
    })
    sent.on('error', reject)
    sent.end(body)
    const reply = await promise
    this.#keep(reply)
    return reply
  }

  /** Opens a WebSocket, sends a text through it, and returns what comes back. Rejects with the status where it is refused. */
  async echoed(path: string, text: string): Promise<string> {
    const { port, host, ca, from } = this.#options
    const { headers } = this.#message({})
    const upgrade = { connection: 'Upgrade', upgrade: 'websocket', 'sec-websocket-version': '13' }
    const key = { 'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==' }
    const { 'content-length': _none, ...own } = headers
    const { promise, resolve, reject } = Promise.withResolvers<string>()
    const connection = { host: '127.0.0.1', port, servername: host, ca, localAddress: from, agent: false }
    const sent = request({ ...connection, path, headers: { ...own, ...upgrade, ...key } })
    sent.on('upgrade', (_answer, socket) => {
      socket.on('error', reject).on('data', (part: Buffer) => {
        resolve(part.toString('utf8'))
        socket.destroy()
      })
      socket.write(text)
    })
    sent.on('response', ({ statusCode }) => reject(new Error(`refused with ${statusCode}`)))
    sent.on('error', reject)
    sent.end()
    return promise
  }

  #message({ payload, form, token, headers }: HttpsRequest): { headers: Record<string, string>; body: string } {
    const { host } = this.#options
    const json = payload === undefined ? '' : JSON.stringify(payload)
    const body = form === undefined ? json : new URLSearchParams(form).toString()
    const type = form === undefined ? 'application/json' : 'application/x-www-form-urlencoded'
    const cookie = [...this.cookies].map(([name, set]) => `${name}=${cookieValue(set)}`).join('; ')
    const own = {
      host,
      origin: `https://${host}`,
      'content-length': String(Buffer.byteLength(body)),
      ...(body !== '' && { 'content-type': type }),
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
      ...(cookie !== '' && { cookie }),
    }
    return { headers: { ...own, ...headers }, body }
  }

  #keep({ headers }: HttpsReply): void {
    for (const set of headers['set-cookie'] ?? []) {
      const name = set.slice(0, set.indexOf('='))
      if (/; Max-Age=0(?:;|$)/.test(set)) this.cookies.delete(name)
      else this.cookies.set(name, set)
    }
  }
}

/** The value of a cookie in a `Set-Cookie` header. */
export function cookieValue(setCookie: string): string {
  return /^[^=]*=([^;]*)/.exec(setCookie)?.[1] ?? ''
}
