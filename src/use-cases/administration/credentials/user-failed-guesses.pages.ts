import type { BucketState } from '../../../domain/throttle/throttle-state.service.ts'
import type { App } from '../../../foundation/web/http/app.ts'
import { banner } from '../../../foundation/web/components/banner.ts'
import { secondaryButton } from '../../../foundation/web/components/button.ts'
import { rowList } from '../../../foundation/web/components/row-list.ts'
import { apiEquivalent } from '../../../foundation/web/components/api-equivalent.ts'
import { section } from '../../../foundation/web/components/section.ts'
import { redirectWithFlash } from '../../../foundation/web/pages/redirect-with-flash.ts'
import { html } from '../../../foundation/web/html.ts'
import type { Html } from '../../../foundation/web/html.ts'
import { triesRow } from './failed-guesses.pages.ts'
import { unlockUser } from './unlock.service.ts'
import { actionForm, PersonParameters, refIn, userPath } from '../access/user-reader.pages.ts'
import type { UserReader } from '../access/user-reader.pages.ts'

const config = { access: 'users:write', page: true, undocumented: true } as const

export function unlockPages(app: App): void {
  app.post('/admin/users/:id/unlock', { config, schema: { params: PersonParameters } }, async (request, reply) => {
    const ref = refIn(request.params)
    await unlockUser(request.ctx, ref)
    return redirectWithFlash(reply, userPath(ref, '?done=opened'))
  })
}

const TRIES_ID = 'tries'

/** Above the page: that wrong tries hold somebody back just now, which is why most admins look. */
export function blockedBanner({ say }: UserReader, buckets: readonly BucketState[]): Html | undefined {
  const waiting = buckets.filter(waits)
  if (waiting.length === 0) return undefined
  const { tries } = say.user
  const sentence = waiting.some(({ shut }) => shut) ? tries.heldUntilAllowed : tries.held
  return banner('warn', html`${sentence} <a href="#${TRIES_ID}">${tries.see}</a>`)
}

function waits({ blockedUntil, shut }: BucketState): boolean {
  return shut || blockedUntil !== null
}

/** What was guessed wrong, and how long that makes everybody wait; nothing while nothing was. */
export function failedGuessesSection(reader: UserReader, buckets: readonly BucketState[]): Html | undefined {
  const counting = buckets.filter(({ failures }) => failures > 0)
  if (counting.length === 0) return undefined
  const { say, config: settings, user } = reader
  const rows = counting.map((bucket) => triesRow(reader, bucket))
  const open = counting.some(waits) && actionForm(reader, '/unlock', secondaryButton(say.user.tries.open))
  return section({
    id: TRIES_ID,
    title: say.user.tries.title,
    lead: say.user.tries.lead,
    body: html`${rowList(rows)} ${open}
    ${apiEquivalent(say, settings, { method: 'POST', path: `/users/${user.id}/unlock` })}`,
  })
}
