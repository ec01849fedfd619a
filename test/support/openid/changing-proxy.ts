// What stands between a client and the server, and makes of the server's answers those of an older or a newer one.
import { once } from 'node:events'
import { createServer, type IncomingMessage, request as send, type ServerResponse } from 'node:http'
import type { TestContext } from 'node:test'

import { freePort } from '../server/ports.ts'

export interface ChangedAnswer {
  status: number
  headers: Record<string, string | string[] | undefined>
  /** Parsed JSON. */
  body: unknown
}

export interface Changes {
  /** Whether the server has what is asked for; otherwise it answers 404. */
  readonly has?: (asked: string) => boolean
  /** Changes an answer in JSON in its parts. */
  readonly answer?: (asked: string, answer: ChangedAnswer) => void
  /** Returns what is sent in the stead of a server-sent event. */
  readonly event?: (event: string) => string
}

export interface ChangingProxy {
  readonly url: string
  /** What was asked, such as `GET /users/1`. */
  readonly asked: readonly string[]
  /** Changes the answers from now on, of open streams too. */
  readonly set: (changes: Changes) => void
}

/** Starts a proxy that ends with the test. */
export async function changingProxy(t: TestContext, target: string, first: Changes): Promise<ChangingProxy> {
  let changes = first
  const asked: string[] = []
  const server = createServer((incoming, outgoing) => {
    const { method = '', url = '', headers } = incoming
    asked.push(`${method} ${url}`)
    if (changes.has?.(`${method} ${url}`) === false) return void outgoing.writeHead(404).end()
    const onward = send(target + url, { method, headers }, (answer) => {
      const type = answer.headers['content-type'] ?? ''
      if (type.startsWith('text/event-stream')) passEvents(answer, outgoing, (event) => changes.event?.(event) ?? event)
      else void passAnswer(answer, outgoing, (parts) => changes.answer?.(`${method} ${url}`, parts))
    })
    onward.on('error', () => outgoing.destroy())
    outgoing.on('close', () => onward.destroy())
    incoming.pipe(onward)
  })
  const port = await freePort()
  server.listen(port, 'localhost')
  await once(server, 'listening')
  t.after(() => {
    server.closeAllConnections()
    server.close()
  })
  return { url: `http://localhost:${port}`, asked, set: (wanted) => void (changes = wanted) }
}

function passEvents(answer: IncomingMessage, outgoing: ServerResponse, change: (event: string) => string): void {
  outgoing.writeHead(answer.statusCode ?? 0, answer.headers).flushHeaders()
  let rest = ''
  answer.setEncoding('utf8').on('data', (text: string) => {
    const events = (rest + text).split('\n\n')
    rest = events.pop() ?? ''
    for (const event of events) outgoing.write(`${change(event)}\n\n`)
  })
  answer.on('close', () => outgoing.end())
}

async function passAnswer(
  answer: IncomingMessage,
  outgoing: ServerResponse,
  change: (parts: ChangedAnswer) => void,
): Promise<void> {
  const text = (await answer.setEncoding('utf8').toArray()).join('')
  const { 'content-length': _, 'transfer-encoding': __, ...headers } = answer.headers
  const isJson = /^application\/(\S+\+)?json/.test(headers['content-type'] ?? '')
  const parts: ChangedAnswer = { status: answer.statusCode ?? 0, headers, body: isJson ? JSON.parse(text) : text }
  if (isJson) change(parts)
  outgoing.writeHead(parts.status, parts.headers).end(isJson ? JSON.stringify(parts.body) : text)
}
