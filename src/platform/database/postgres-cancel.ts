import { connect } from 'node:net'

import type pg from 'pg'

import type { Duration } from '../../kernel/time.ts'

/** PostgreSQL documentation, Message Formats, CancelRequest. */
const CANCEL_BYTES = 16
const CANCEL_CODE = 80_877_102

/** What the server told the driver when it connected; the driver's types leave it out. */
interface Backend {
  readonly processID: number | null
  readonly secretKey: number | null
}

/**
 * Has the server end what this connection is doing, and the connection itself be cut after `answerAfter`, which is time enough
 * for the server's own sentence. The connection must not be used any more: a request that arrives late ends whatever runs
 * there then.
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
