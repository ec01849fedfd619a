import type { IncomingMessage } from 'node:http'

const WELL_FORMED = /^[A-Za-z0-9._-]{1,64}$/

/**
 * The id under which the log and the answer know a request: the client's own when it is well-formed, else a number behind
 * a name for this run of the program, which costs nothing to make.
 * @param run unique among runs of the program
 */
export function requestIdMaker(run: string): (request: IncomingMessage) => string {
  let count = 0
  return ({ headers }) => {
    const given = headers['x-request-id']
    if (typeof given === 'string' && WELL_FORMED.test(given)) return given
    count += 1
    return `${run}.${count}`
  }
}
