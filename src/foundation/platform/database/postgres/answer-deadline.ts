import { connect } from 'node:net'
import type pg from 'pg'

import type { Duration } from '#foundation/kernel/time.ts'

/** Number of steps in which the time is measured. A silence that begins within a step is counted from the next one. */
const STEPS = 4

/**
 * Closes a connection whose other end has become silent. A firewall that dropped the connection and a server that lost its power send no
 * notice, and TCP retransmits for a quarter of an hour. The time is measured only while an answer is pending.
 */
export class AnswerDeadline {
  readonly #step: Duration
  readonly #cut: () => void
  #pending = 0
  #silentSteps = 0
  #timer: NodeJS.Timeout | undefined

  constructor(within: Duration, cut: () => void) {
    this.#step = within / STEPS
    this.#cut = cut
  }

  /** Returns the answer and measures the time until then. The calling class rejects pending answers when `cut` closes the connection. */
  async of<Answer>(answer: Promise<Answer>): Promise<Answer> {
    if (this.#pending === 0) this.#silentSteps = 0
    this.#pending += 1
    this.#timer ??= this.#watch()
    try {
      return await answer
    } finally {
      this.#pending -= 1
      this.#silentSteps = 0
    }
  }

  #watch(): NodeJS.Timeout {
    const check = (): void => {
      this.#silentSteps += 1
      if (this.#pending > 0 && this.#silentSteps <= STEPS) return
      clearInterval(this.#timer)
      this.#timer = undefined
      if (this.#pending > 0) this.#cut()
    }
    return setInterval(check, this.#step).unref()
  }
}

/** Length and code of a CancelRequest (PostgreSQL documentation, Message Formats). */
const CANCEL_BYTES = 16
const CANCEL_CODE = 80_877_102

/** The BackendKeyData of a connection, which the types of the driver omit. */
interface Backend {
  readonly processID: number | null
  readonly secretKey: number | null
}

/**
 * Asks the server to end the statement of this connection, and closes the connection after `answerAfter`, which leaves time for
 * the server's error message. The connection must not be used any more: a cancel request that arrives late would end the next
 * statement there.
 */
export function endStatement(client: pg.Client | pg.PoolClient, answerAfter: Duration): void {
  const { stream } = client.connection
  setTimeout(() => stream.destroy(), answerAfter).unref()
  const { host, port, processID, secretKey } = client as unknown as pg.Client & Backend
  if (processID === null || secretKey === null) return
  const request = Buffer.alloc(CANCEL_BYTES)
  for (const [index, word] of [CANCEL_BYTES, CANCEL_CODE, processID, secretKey].entries())
    request.writeInt32BE(word, index * 4)
  const socket = connect(host.startsWith('/') ? { path: `${host}/.s.PGSQL.${port}` } : { host, port })
  socket.setTimeout(answerAfter, () => socket.destroy())
  socket.on('error', () => undefined)
  socket.unref().end(request)
}
