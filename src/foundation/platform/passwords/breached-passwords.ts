// Asks a range service whether a password was in somebody's breach, without telling it which password.
import { createHash } from 'node:crypto'
import type { IncomingMessage } from 'node:http'

import type { Duration, Instant } from '../../kernel/time.ts'
import { isWithin, minutes, seconds } from '../../kernel/time.ts'
import type { Clock } from '../clock.ts'
import type { Logger } from '../logging/logger.ts'

/** What leaves: so many hexadecimal characters of the password's SHA-1, shared by some million passwords. */
const PREFIX = 5
const LINE = /^([0-9A-F]{35}):(\d{1,12})$/i
/** A service that pads its answers sends some 80 KiB. */
const MOST_BYTES = 512 * 1024
const PATIENCE: Duration = seconds(2)
const QUIET: Duration = minutes(1)

export interface RangeService {
  /** Without a trailing slash; null asks nobody. */
  readonly url: string | null
  readonly clock: Pick<Clock, 'now'>
  readonly log: Logger
}

/** Whether a password stands in the service's list; false when it cannot be asked, which is logged once a minute. */
export type IsBreached = (password: string) => Promise<boolean>

/**
 * A service that is down must not keep people from changing a password, perhaps a stolen one: then the list that ships
 * has decided alone.
 */
export function newBreachCheck({ url, clock, log }: RangeService): IsBreached {
  let warned: Instant = -Infinity
  return async (password) => {
    if (url === null) return false
    const hash = createHash('sha1').update(password).digest('hex').toUpperCase()
    try {
      return holds(await askRange(`${url}/${hash.slice(0, PREFIX)}`), hash.slice(PREFIX))
    } catch (error) {
      const now = clock.now()
      if (isWithin(QUIET, warned, now)) return false
      log.warn({ reason: reasonOf(error) }, 'breached-password service unreachable')
      warned = now
      return false
    }
  }
}

/** The lines of the answer, compared here. A padded line counts nothing and stands for nobody's password. */
function holds(answer: string, suffix: string): boolean {
  const lines = answer.split(/\r?\n/).filter((line) => line !== '')
  const read = lines.map((line) => LINE.exec(line))
  if (read.includes(null)) throw new Error('The answer is not a list of hashes and counts')
  return read.some((line) => line?.[1]?.toUpperCase() === suffix && Number(line[2]) > 0)
}

/** One connection, one answer: Node's own client follows no redirect. */
async function askRange(url: string): Promise<string> {
  const { get } = url.startsWith('https:') ? await import('node:https') : await import('node:http')
  const headers = { accept: 'text/plain', 'add-padding': 'true', 'user-agent': 'Doorward' }
  const options = { agent: false, headers, signal: AbortSignal.timeout(PATIENCE) } as const
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    get(url, options, resolve).on('error', reject)
  })
  if (response.statusCode === 200) return bounded(response)
  response.destroy()
  throw new Error(`The answer has the status ${response.statusCode}`)
}

async function bounded(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of response as AsyncIterable<Buffer>) {
    size += chunk.length
    // Leaving the loop ends the connection.
    if (size > MOST_BYTES) throw new Error('The answer is too long')
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('latin1')
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : 'unknown'
}
