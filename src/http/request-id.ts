import type { IncomingMessage } from 'node:http'

const WELL_FORMED = /^[A-Za-z0-9._-]{1,64}$/

/** The id under which the log and the answer know a request: the client's own when it is well-formed, else a new one. */
export function requestIdMaker(newId: () => string): (request: IncomingMessage) => string {
  return ({ headers }) => {
    const given = headers['x-request-id']
    return typeof given === 'string' && WELL_FORMED.test(given) ? given : newId()
  }
}
