// Looks a password up in a range service of breached passwords, which receives only a prefix of the hash (k-anonymity).
import { createHash } from 'node:crypto'
import type { IncomingMessage } from 'node:http'

import { type Duration, type Instant, isWithin, minutes, seconds } from '#foundation/kernel/time.ts'
import type { Clock } from '../clock.ts'
import type { Logger } from '../logging/logger.ts'

/** Hexadecimal characters of the password's SHA-1 that are sent; 16^5 prefixes exist, so each is shared by many passwords. */
const PREFIX = 5
const LINE = /^([0-9A-F]{35}):(\d{1,12})$/i
/** A response with padding has about 80 KiB. */
const MOST_BYTES = 512 * 1024
const TIMEOUT: Duration = seconds(2)
const WARNING_INTERVAL: Duration = minutes(1)

export interface RangeService {
  /** Without a trailing slash; null for no service. */
  readonly url: string | null
  readonly clock: Pick<Clock, 'now'>
  readonly log: Logger
}

/** Whether the service lists a password; false if the service fails, which is logged once a minute. */
export type IsBreached = (password: string) => Promise<boolean>

/** A failing service counts as "not breached": it must not prevent the change of a stolen password, and the package's list still applies. */
export function newBreachCheck({ url, clock, log }: RangeService): IsBreached {
  let warned: Instant = -Infinity
  return async (password) => {
    if (url === null) return false
    const hash = createHash('sha1').update(password).digest('hex').toUpperCase()
    try {
      return isListed(await fetchRange(`${url}/${hash.slice(0, PREFIX)}`), hash.slice(PREFIX))
    } catch (error) {
      const now = clock.now()
      if (isWithin(WARNING_INTERVAL, warned, now)) return false
      const reason = error instanceof Error ? error.message : 'unknown'
      log.warn({ reason }, 'breached-password service unreachable')
      warned = now
      return false
    }
  }
}

/** Whether the response lists the suffix. A padding line has the count 0 and belongs to no password. */
function isListed(answer: string, suffix: string): boolean {
  const lines = answer.split(/\r?\n/).filter((line) => line !== '')
  const read = lines.map((line) => LINE.exec(line))
  if (read.includes(null)) throw new Error('The answer is not a list of hashes and counts')
  return read.some((line) => line?.[1]?.toUpperCase() === suffix && Number(line[2]) > 0)
}

/** Sends one request on a connection of its own. Node's client follows no redirect, so the prefix goes to the configured host only. */
async function fetchRange(url: string): Promise<string> {
  const { get } = url.startsWith('https:') ? await import('node:https') : await import('node:http')
  const headers = { accept: 'text/plain', 'add-padding': 'true', 'user-agent': 'Doorward' }
  const options = { agent: false, headers, signal: AbortSignal.timeout(TIMEOUT) } as const
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    get(url, options, resolve).on('error', reject)
  })
  if (response.statusCode === 200) return readBounded(response)
  response.destroy()
  throw new Error(`The answer has the status ${response.statusCode}`)
}

async function readBounded(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of response as AsyncIterable<Buffer>) {
    size += chunk.length
    // An exit from the loop destroys the response and with it the connection.
    if (size > MOST_BYTES) throw new Error('The answer is too long')
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('latin1')
}
