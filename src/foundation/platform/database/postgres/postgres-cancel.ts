import { connect } from 'node:net'

import type pg from 'pg'

import type { Duration } from '../../../kernel/time.ts'

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
