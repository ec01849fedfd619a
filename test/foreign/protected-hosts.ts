// nginx and Caddy before protected hosts, with the configuration that Doorward prints for them, and apps behind that show what reaches them.
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import type { TestContext } from 'node:test'

import { freePort } from '../support/databases/temporary.ts'
import type { SignInData } from '../support/server/server-client.ts'
import type { HttpsClient, HttpsReply } from './https-client.ts'
import { startProgram } from './programs.ts'
import { HOST } from './proxies.ts'

/** What an app saw of a request. */
export interface Seen {
  readonly method: string
  readonly url: string
  readonly headers: IncomingHttpHeaders
}

export interface EchoApp {
  readonly port: number
  /** Every request that reached the app, WebSockets too. */
  readonly seen: readonly Seen[]
}

/** An app that answers with what it saw, and sends back what a WebSocket's bytes say. */
export async function startEchoApp(t: TestContext): Promise<EchoApp> {
  const seen: Seen[] = []
  const note = ({ method = '', url = '', headers }: IncomingMessage): Seen => {
    seen.push({ method, url, headers })
    return { method, url, headers }
  }
  const server = createServer((request, answer) => {
    answer.setHeader('content-type', 'application/json').end(JSON.stringify(note(request)))
  })
  server.on('upgrade', (request, socket) => {
    note(request)
    socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n')
    socket.pipe(socket)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.after(() => {
    server.closeAllConnections()
    server.close()
  })
  return { port: (server.address() as AddressInfo).port, seen }
}

/** An app in Python whose server (WSGI) writes `-` and `_` of a header's name alike: it answers what it believes to be the user's name. */
export async function startWsgiApp(t: TestContext): Promise<number> {
  const port = await freePort()
  const ready = async (): Promise<boolean> => fetch(`http://127.0.0.1:${port}/`).then(() => true)
  await startProgram(t, ['python3', join(import.meta.dirname, 'wsgi-app.py'), String(port)], { ready })
  return port
}

/** As a browser asks for a page. */
export const NAVIGATION = {
  accept: 'text/html',
  'sec-fetch-mode': 'navigate',
  'sec-fetch-dest': 'document',
  'sec-fetch-site': 'none',
}

/** The clients of one browser, by host name: each keeps the cookies of its host. */
export type Clients = Readonly<Record<string, HttpsClient>>

/** Opens a page as a browser does, through all redirects; returns the last answer and its URL. */
export async function browse(
  clients: Clients,
  url: string,
): Promise<{ readonly reply: HttpsReply; readonly url: URL }> {
  let at = new URL(url)
  for (let step = 0; step < 12; step += 1) {
    const client = clients[at.hostname]
    assert.ok(client, `led to ${at.href}`)
    const reply = await client.ask('GET', at.pathname + at.search, { headers: NAVIGATION })
    const next = onwardIn(reply)
    if (next === undefined) return { reply, url: at }
    at = new URL(next, at)
  }
  throw new Error(`A circle at ${at.href}`)
}

/** Where an answer leads: a redirect, or the page that goes on to another site after a form. */
function onwardIn({ status, headers, text }: HttpsReply): string | undefined {
  if (status >= 300 && status < 400) return headers.location
  return /http-equiv="refresh" content="\d+; ?url=([^"]+)"/i.exec(text)?.[1]?.replaceAll('&amp;', '&')
}

/** Signs in by both forms at the URL of the page that asks for it; returns where the browser is led after it. */
export async function signInAt(clients: Clients, url: URL, { username, password, codes }: SignInData): Promise<URL> {
  const client = clients[HOST]
  assert.ok(client)
  assert.equal(url.pathname, '/sign-in', url.href)
  const first = await client.ask('POST', url.pathname + url.search, { form: { username, password } })
  assert.equal(first.status, 303, first.text)
  const second = first.headers.location ?? ''
  const done = await client.ask('POST', second, { form: { code: await codes.fresh(client) } })
  return new URL(onwardIn(done) ?? '', url)
}

/** Opens a page of a protected host as a user who is not signed in yet; returns what the browser shows at last. */
export async function enter(clients: Clients, url: string, user: SignInData): ReturnType<typeof browse> {
  const asked = await browse(clients, url)
  return browse(clients, (await signInAt(clients, asked.url, user)).href)
}

/** What the app behind a host saw of a request that passed. */
export function seenIn({ status, text }: HttpsReply): Seen {
  assert.equal(status, 200, text)
  return JSON.parse(text) as Seen
}
