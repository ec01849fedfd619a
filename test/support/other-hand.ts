// The process of the second hand: a node on the database named on its command line, that asks itself what it is sent and stops
// where it is told. It ends with whoever started it.
import type { InjectOptions } from 'fastify'

import { Barrier } from './barrier.ts'
import { TestClock } from './clock.ts'
import { openStopped } from './stopped-server.ts'

/** What it is told. */
export type Order =
  | { readonly does: 'stop'; readonly after: number }
  | { readonly does: 'go on' }
  | { readonly does: 'ask'; readonly now: number; readonly request: InjectOptions }

/** What it tells, in the order in which it happened. */
export type Word =
  | { readonly says: 'ready' }
  | { readonly says: 'stands'; readonly waits: boolean; readonly repeats: boolean }
  | { readonly says: 'answers'; readonly statusCode: number; readonly headers: object; readonly body: string }

const [databaseUrl = '', dataDir = ''] = process.argv.slice(2)
const say = (word: Word): void => void process.send?.(word)
const barrier: Barrier = new Barrier(() => say({ says: 'stands', waits: barrier.waits, repeats: barrier.repeats }))
const clock = new TestClock()
const server = await openStopped({ databaseUrl, dataDir, clock }, barrier)

process.on('message', (order: Order) => void obey(order))
process.on('disconnect', () => void server.close())
say({ says: 'ready' })

async function obey(order: Order): Promise<void> {
  if (order.does === 'stop') return barrier.stopAfter(order.after)
  if (order.does === 'go on') return barrier.goOn()
  clock.pass(order.now - clock.now())
  const { statusCode, headers, body } = await server.app.inject(order.request)
  say({ says: 'answers', statusCode, headers, body })
}
