// A reader of the stream of endings, as an app reads it.
import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'

import { waitUntil } from '../server/started-program.ts'
import type { TestApp } from './apps.ts'

/** What one reader has heard. */
export interface HeardStream {
  readonly status: number
  /** The claims of the tokens, in the order in which they came. */
  readonly heard: Record<string, unknown>[]
  readonly tokens: string[]
  /** What each line said that means complete. */
  readonly lines: { readonly position: string; readonly elapsed: number }[]
  readonly isClosed: () => boolean
  /** Waits for a line that what was committed before the call has come before. */
  readonly nextLine: () => Promise<void>
  readonly close: () => void
}

export function basicOf({ client, secret }: Pick<TestApp, 'client' | 'secret'>): Record<string, string> {
  return { authorization: `Basic ${btoa(`${client.id}:${secret}`)}` }
}

/** Opens a stream that ends with the test. */
export async function openStream(t: TestContext, baseUrl: string, app: TestApp, query = ''): Promise<HeardStream> {
  const ending = new AbortController()
  t.after(() => ending.abort())
  const sentAt = performance.now()
  const answer = await fetch(`${baseUrl}/endings${query}`, { headers: basicOf(app), signal: ending.signal })
  const heard: Record<string, unknown>[] = []
  const tokens: string[] = []
  const lines: { position: string; elapsed: number }[] = []
  let closed = false
  const read = async (): Promise<void> => {
    let rest = ''
    const decoder = new TextDecoder()
    for await (const bytes of answer.body ?? []) {
      const parts = (rest + decoder.decode(bytes, { stream: true })).split('\n\n')
      rest = parts.pop() ?? ''
      for (const part of parts) {
        const fields = Object.fromEntries(part.split('\n').map((line) => line.split(/: (.*)/s).slice(0, 2)))
        if (fields['event'] === 'complete')
          lines.push({ position: fields['id'], elapsed: JSON.parse(fields['data']).elapsed })
        else {
          tokens.push(fields['data'])
          heard.push(claimsIn(fields['data']))
        }
      }
    }
  }
  if (answer.ok)
    void read()
      .catch(() => undefined)
      .then(() => (closed = true))
  else await answer.body?.cancel()
  return {
    status: answer.status,
    heard,
    tokens,
    lines,
    isClosed: () => closed,
    async nextLine() {
      const now = performance.now()
      await waitUntil(async () => closed || sentAt + (lines.at(-1)?.elapsed ?? -Infinity) >= now)
      assert.ok(!closed, 'the stream was closed')
    },
    close: () => ending.abort(),
  }
}

export function claimsIn(token: string): Record<string, unknown> {
  const [, payload = ''] = token.split('.')
  return JSON.parse(Buffer.from(payload, 'base64url').toString()) as Record<string, unknown>
}

/** What the token is about: the one event in it, with the user. */
export function eventIn(claims: Record<string, unknown>): Record<string, unknown> {
  const [[uri, event] = ['', {}]] = Object.entries(claims['events'] as Record<string, Record<string, unknown>>)
  const { event_timestamp: _, ...facts } = event ?? {}
  const { sub } = (claims['sub_id'] ?? {}) as { sub?: string }
  return { event: uri.split('/').at(-1), ...(sub !== undefined && { sub }), ...facts }
}
