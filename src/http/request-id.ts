import type { IncomingMessage } from 'node:http'

import type { RandomBytes } from '../kernel/secret-token.ts'

const WELL_FORMED = /^[A-Za-z0-9._-]{1,64}$/

/** 72 random bits: told apart among all requests of a life, and telling nobody how many there were. */
const ID_BYTES = 9
/** Bytes are drawn for so many requests at once; asking the system each time costs more than the rest of the id. */
const AT_ONCE = 512

/** The id under which the log and the answer know a request: the client's own when it is well-formed, else a new one. */
export function requestIdMaker(random: RandomBytes): (request: IncomingMessage) => string {
  let store = Buffer.alloc(0)
  let used = 0
  return ({ headers }) => {
    const given = headers['x-request-id']
    if (typeof given === 'string' && WELL_FORMED.test(given)) return given
    if (used === store.length) {
      store = Buffer.from(random(ID_BYTES * AT_ONCE))
      used = 0
    }
    used += ID_BYTES
    return store.toString('base64url', used - ID_BYTES, used)
  }
}
