// The failures counted in a bucket, in words, for the pages of a user and of a refused event, and the form that unlocks.
import { isPrivileged } from '#domain/roles/role.ts'
import type { BucketCount, BucketState } from '#domain/throttle/throttle-state.service.ts'
import { apiEquivalent } from '#foundation/web/components/api-equivalent.ts'
import { submitButton } from '#foundation/web/components/button.ts'
import { moment, type MomentReader } from '#foundation/web/components/moments.ts'
import { type ListRow, rowList, section } from '#foundation/web/components/section.ts'
import { banner, chip, state } from '#foundation/web/components/status.ts'
import { type Html, html } from '#foundation/web/html.ts'
import type { App } from '#foundation/web/http/app.ts'
import { redirectWithFlash } from '#foundation/web/pages/page.ts'
import {
  actionForm,
  mayDoOrHelp,
  refIn,
  UserPageParameters,
  userPath,
  type UserReader,
} from '../access/user-reader.pages.ts'
import { unlockUser } from './credentials.service.ts'

const config = { access: 'users:help', page: true, undocumented: true } as const

/** The form that resets the counted failures of a user. */
export function unlockPages(app: App): void {
  app.post('/admin/users/:id/unlock', { config, schema: { params: UserPageParameters } }, async (request, reply) => {
    const ref = refIn(request.params)
    await unlockUser(request.ctx, ref)
    return redirectWithFlash(reply, userPath(ref, '/sign-in?done=opened'))
  })
}

const SECTION_ID = 'tries'

/** A banner that says the user's guesses are blocked now, since that is why most admins open the page. */
export function blockedBanner({ say, user }: UserReader, buckets: readonly BucketState[]): Html | undefined {
  const blocked = buckets.filter(isBlocked)
  if (blocked.length === 0) return undefined
  const { tries } = say.user
  const sentence = blocked.some(({ isLockedOut }) => isLockedOut) ? tries.heldUntilAllowed : tries.held
  return banner('warn', html`${sentence} <a href="${userPath(user, `/sign-in#${SECTION_ID}`)}">${tries.see}</a>`)
}

function isBlocked({ blockedUntil, isLockedOut }: Pick<BucketState, 'blockedUntil' | 'isLockedOut'>): boolean {
  return isLockedOut || blockedUntil !== null
}

/** The form that unlocks the user; undefined where nothing waits or the reader may not. */
export function unlockForm(reader: UserReader, buckets: readonly BucketState[]): Html | undefined {
  if (!mayDoOrHelp(reader, 'users:write') || !buckets.some(isBlocked)) return undefined
  return actionForm(reader, '/unlock', submitButton(reader.say.user.tries.open))
}

export function failedGuessesSection(reader: UserReader, buckets: readonly BucketState[]): Html | undefined {
  const counting = buckets.filter(({ failures }) => failures > 0)
  if (counting.length === 0) return undefined
  const { say, config: settings, user } = reader
  return section({
    id: SECTION_ID,
    title: say.user.tries.title,
    lead: say.user.tries.lead,
    body: html`${failureRows(reader, counting)}
      <details>
        <summary>${say.user.tries.how}</summary>
        <p>${say.user.tries.howText}</p>
      </details>`,
    api: apiEquivalent(say, settings, {
      method: 'POST',
      path: `/users/${user.id}/unlock`,
      needsSession: isPrivileged(user),
    }),
  })
}

/** A row for each bucket: how many failures of which clients. Where every next guess is allowed, that is said once, above all rows. */
export function failureRows(reader: MomentReader, buckets: readonly ShownBucket[]): Html {
  const { tries } = reader.say.user
  const isFree = !buckets.some(isBlocked)
  const rows = buckets.map((bucket): ListRow => {
    const name = failureText(reader, bucket)
    return isFree ? { name } : { name, detail: blockText(reader, bucket) }
  })
  return html`${isFree && html`<p>${state('ok', tries.free)}</p>`} ${rowList(rows, isFree ? 'tight' : 'wide')}`
}

type ShownBucket = BucketCount & Pick<BucketState, 'clientClass'> & { readonly kind: BucketState['kind'] | 'network' }

function failureText({ say }: MomentReader, { kind, clientClass, failures }: ShownBucket): string {
  const { tries } = say.user
  if (kind === 'network') return say.activity.trace.fromNetwork(failures)
  // Counted only while someone is signed in.
  if (kind === 'name') return tries.name(failures)
  const by = { untrusted: tries.strangers, 'device-cookie-client': tries.browser, session: tries.session }
  return by[clientClass](tries[kind](failures))
}

function blockText(reader: MomentReader, { blockedUntil, isLockedOut }: ShownBucket): Html {
  const { tries } = reader.say.user
  if (isLockedOut) return chip('danger', tries.lockedOut)
  if (blockedUntil === null) return html`${tries.free}`
  return html`${tries.waits} ${moment(reader, blockedUntil)}.`
}
