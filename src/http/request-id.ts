import type { IncomingMessage } from 'node:http'

import type { RandomBytes } from '../kernel/secret-token.ts'

const WELL_FORMED = /^[A-Za-z0-9._-]{1,64}$/

/** 72 random bits: unique for the life of the process; unlike a counter, the id reveals no request volume. */
const ID_BYTES = 9

/** The id under which the log and the answer name a request: the client's own if it is well-formed, else a new one. */
export function requestIdMaker(random: RandomBytes): (request: IncomingMessage) => string {
  return ({ headers }) => {
    const given = headers['x-request-id']
    if (typeof given === 'string' && WELL_FORMED.test(given)) return given
    return Buffer.from(random(ID_BYTES)).toString('base64url')
  }
}
