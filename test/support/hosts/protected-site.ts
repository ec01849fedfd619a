// A protected host behind a reverse proxy that asks the server about each request, and a browser before it.
import type { LightMyRequestResponse } from 'fastify'
import assert from 'node:assert/strict'

import type { HostFields, ProtectedHost } from '#domain/hosts/host.ts'
import { IDENTITY_HEADERS } from '#domain/hosts/identity-headers.ts'
import { Visitor } from '../pages/visitor.ts'
import { storeTestHost } from '../people/hosts.ts'
import type { Server } from '../server/start.ts'

const PROXY = '127.0.0.1'
/** The setting that a server with protected hosts needs. */
export const TRUSTING = { trusted_proxies: PROXY }
export const WIKI = 'wiki.example.org'

/** What a browser says when it opens a page. */
export const NAVIGATION = { 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document', accept: 'text/html' }
/** What it says of a script of a page. */
export const SCRIPT = { 'sec-fetch-mode': 'cors', 'sec-fetch-dest': 'empty', accept: '*/*' }

export function protect(server: Server, wanted: Partial<HostFields> = {}): Promise<ProtectedHost> {
  return storeTestHost(server.operator(), wanted)
}

export interface Sent {
  readonly method?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly host?: string
  readonly scheme?: string
}

/** What a reverse proxy sends for a request of a client: `asked` is what it asks the server, `uri` what the client sent. */
export function forwarded(
  server: Server,
  asked: string,
  uri: string,
  { method = 'GET', headers = {}, host = WIKI, scheme = 'https' }: Sent = {},
  asks: 'GET' | 'POST' = 'GET',
): Promise<LightMyRequestResponse> {
  return server.app.inject({
    method: asks,
    url: asked,
    remoteAddress: PROXY,
    headers: {
      'x-forwarded-for': '203.0.113.7',
      'x-forwarded-host': host,
      'x-forwarded-proto': scheme,
      'x-forwarded-method': method,
      'x-forwarded-uri': uri,
      ...headers,
    },
  })
}

export function verify(server: Server, uri: string, sent: Sent = {}): Promise<LightMyRequestResponse> {
  return forwarded(server, '/auth/verify', uri, sent)
}

/** The identity headers of an answer, without `Remote-`. */
export function identityIn({ headers }: LightMyRequestResponse): Record<string, unknown> {
  return Object.fromEntries(
    IDENTITY_HEADERS.map((name) => [name.replace('Remote-', '').toLowerCase(), headers[name.toLowerCase()]]),
  )
}

/** Where a browser is after it has followed all redirects: a page of the app, or what the server answered instead. */
export interface Opened {
  readonly url: string
  readonly answer: LightMyRequestResponse
}

const MOST_REDIRECTS = 12

/** A browser with the cookies of each host. At the server it is a `Visitor`, who signs in there as everywhere. */
export class HostBrowser {
  readonly #server: Server
  readonly visitor: Visitor
  readonly cookies = new Map<string, Map<string, string>>()
  /** All URLs that were opened, in order. */
  readonly trail: string[] = []

  constructor(server: Server, visitor = new Visitor(server)) {
    this.#server = server
    this.visitor = visitor
  }

  /** Opens a URL of a protected host behind Caddy, which shows what the server answers to its question. */
  open(url: string, sent: Sent = {}): Promise<Opened> {
    return this.follow(url, sent)
  }

  async follow(first: string, sent: Sent = {}): Promise<Opened> {
    let url = first
    for (let count = 0; count < MOST_REDIRECTS; count++) {
      this.trail.push(url)
      const answer = await this.#ask(url, count === 0 ? sent : {})
      const { location } = answer.headers
      if (location === undefined) return { url, answer }
      url = new URL(String(location), url).href
    }
    assert.fail(`a circle of redirects:\n${this.trail.join('\n')}`)
  }

  /** Sends one request, and follows nothing. */
  send(url: string, sent: Sent = {}): Promise<LightMyRequestResponse> {
    return this.#ask(url, sent)
  }

  cookiesOf(host: string = WIKI): Map<string, string> {
    const known = this.cookies.get(host) ?? new Map<string, string>()
    this.cookies.set(host, known)
    return known
  }

  async #ask(url: string, sent: Sent): Promise<LightMyRequestResponse> {
    const { origin, hostname, host, pathname, search } = new URL(url)
    const uri = url.startsWith(origin) ? url.slice(origin.length) || '/' : pathname + search
    if (origin === this.#server.doorward.config.publicUrl) return this.visitor.open(uri)
    const isOwn = pathname.startsWith('/.doorward/')
    const cookies = this.cookiesOf(hostname)
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    const headers = { ...NAVIGATION, ...(cookie !== '' && { cookie }), ...sent.headers }
    const asks = isOwn && sent.method === 'POST' ? 'POST' : 'GET'
    const answer = await forwarded(this.#server, isOwn ? uri : '/auth/verify', uri, { host, ...sent, headers }, asks)
    for (const { name, value, maxAge } of answer.cookies) {
      if (maxAge === 0) cookies.delete(name)
      else cookies.set(name, value)
    }
    return answer
  }
}

/** Asserts that a browser has arrived at a page of the app, as a user or as nobody. */
export function assertArrived({ url, answer }: Opened, at: string, user = ''): void {
  assert.deepEqual([answer.statusCode, url, identityIn(answer)['user']], [204, at, user], answer.body)
}
