import type { FastifyReply } from 'fastify'

import { toRfc3339 } from '../../kernel/time.ts'
import { banner } from '../components/banner.ts'
import { timeOfDay } from '../../texts/day-and-time.ts'
import { flashBanner, readFlash } from './flash.ts'
import { html } from '../html.ts'
import type { Html } from '../html.ts'
import { exactly } from '../components/moments.ts'
import { safePath } from '../http/redirect.ts'
import type { Texts } from '../../texts/texts.ts'

const CONFIRMED = 'confirmed'

/** The page to go back to after a proof, told to say until when it counts. */
export function redirectAfterReauthentication(path: string): string {
  const [address = '', fragment] = path.split('#', 2)
  const [place = '', search = ''] = address.split('?', 2)
  const query = new URLSearchParams(search)
  query.set('done', CONFIRMED)
  const whole = `${place}?${query}${fragment === undefined ? '' : `#${fragment}`}`
  return safePath(whole) ?? path
}

/**
 * What whoever has just arrived at a page is told on any of them: that they are set, or until when a proof just given counts.
 * Undefined for everybody else.
 */
export function reauthenticatedBanner(say: Texts, reply: FastifyReply): Html | undefined {
  const { query } = reply.request
  const done = typeof query === 'object' && query !== null && 'done' in query ? query.done : undefined
  // The session itself says whether this is so, also after a reload.
  if (done === CONFIRMED) return confirmedBanner(say, reply)
  const { set } = say.account
  return typeof done === 'string' && Object.hasOwn(set, done) ? flashBanner(set, readFlash(reply)) : undefined
}

/** `Confirmed until 14:32`, as long as it is true. */
function confirmedBanner(say: Texts, { request }: FastifyReply): Html | undefined {
  const { principal, now, config } = request.ctx
  if (principal.kind !== 'session') return undefined
  const until = principal.session.authenticatedAt + config.proofLifetime
  if (until < now) return undefined
  const { timeZone } = principal.user
  return banner(
    'ok',
    html`${say.confirm.until}
      <time datetime="${toRfc3339(until)}" title="${exactly({ say, timeZone }, until)}"
        >${timeOfDay({ say, timeZone }, until)}</time
      >.`,
  )
}
