// The process of the second node: it opens the database that the test names, injects the requests that it receives and stops after
// the statement that it is given. It serves one test after the other and ends with the process that started it.
import type { InjectOptions } from 'fastify'

import { TestClock } from '../server/clock.ts'
import type { OpenedServer } from '../server/open-server.ts'
import { Barrier, openStopped } from './stoppable-server.ts'

/** A message from the test. */
export type Order =
  | {
      readonly does: 'open'
      readonly databaseUrl: string
      readonly dataDir: string
      readonly settings: Readonly<Record<string, string>>
    }
  | { readonly does: 'close' }
  | { readonly does: 'stop'; readonly after: number }
  | { readonly does: 'go on' }
  | { readonly does: 'ask'; readonly now: number; readonly request: InjectOptions }

/** A message to the test, in the order of the events. */
export type Word =
  | { readonly says: 'open' }
  /** `fault` is the error with which closing failed, such as an unexpected error in the log. */
  | { readonly says: 'closed'; readonly fault: string | null }
  | { readonly says: 'stands'; readonly waits: boolean; readonly repeats: boolean }
  | { readonly says: 'answers'; readonly statusCode: number; readonly headers: object; readonly body: string }

interface Node {
  readonly barrier: Barrier
  readonly clock: TestClock
  readonly server: OpenedServer
}

let node: Node | undefined

process.on('message', (order: Order) => void obey(order))

function say(word: Word): void {
  process.send?.(word)
}

async function obey(order: Order): Promise<void> {
  if (order.does === 'open') return open(order)
  if (node === undefined) throw new Error(`got the order to ${order.does} before the order to open`)
  if (order.does === 'close') return close(node)
  if (order.does === 'stop') return node.barrier.stopAfter(order.after)
  if (order.does === 'go on') return node.barrier.goOn()
  node.clock.pass(order.now - node.clock.now())
  const { statusCode, headers, body } = await node.server.app.inject(order.request)
  say({ says: 'answers', statusCode, headers, body })
}

async function open({ databaseUrl, dataDir, settings }: Extract<Order, { does: 'open' }>): Promise<void> {
  const barrier: Barrier = new Barrier(() => say({ says: 'stands', waits: barrier.waits, repeats: barrier.repeats }))
  const clock = new TestClock()
  node = { barrier, clock, server: await openStopped({ databaseUrl, dataDir, clock }, barrier, { settings }) }
  say({ says: 'open' })
}

async function close({ server }: Node): Promise<void> {
  const fault = await server.close().then(
    () => null,
    (error: unknown) => String(error),
  )
  say({ says: 'closed', fault })
}
