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

/** The path to return to after a re-authentication, with the parameter that shows until when it counts. */
export function redirectAfterReauthentication(path: string): string {
  const [address = '', fragment] = path.split('#', 2)
  const [pathname = '', search = ''] = address.split('?', 2)
  const query = new URLSearchParams(search)
  query.set('done', CONFIRMED)
  const target = `${pathname}?${query}${fragment === undefined ? '' : `#${fragment}`}`
  return safePath(target) ?? path
}

/** The banner that every page can show: that the user's set-up is finished, or until when a re-authentication counts; undefined otherwise. */
export function reauthenticatedBanner(say: Texts, reply: FastifyReply): Html | undefined {
  const { query } = reply.request
  const done = typeof query === 'object' && query !== null && 'done' in query ? query.done : undefined
  // The session itself decides whether the sentence is true, also after a reload.
  if (done === CONFIRMED) return confirmedBanner(say, reply)
  const { set } = say.account
  return typeof done === 'string' && Object.hasOwn(set, done) ? flashBanner(set, readFlash(reply)) : undefined
}

/** `Confirmed until 14:32`; undefined when that time is over. */
function confirmedBanner(say: Texts, { request }: FastifyReply): Html | undefined {
  const { principal, now, config } = request.ctx
  if (principal.kind !== 'session') return undefined
  const until = principal.session.authenticatedAt + config.reauthenticationLifetime
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
