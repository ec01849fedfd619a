import type { Instant } from '../../../foundation/kernel/time.ts'
import { linkButton } from '../../../foundation/web/components/button.ts'
import { chip } from '../../../foundation/web/components/status.ts'
import { section } from '../../../foundation/web/components/section.ts'
import { html } from '../../../foundation/web/html.ts'
import type { Html } from '../../../foundation/web/html.ts'
import { moment } from '../../../foundation/web/components/moments.ts'
import { ENABLE_ID } from '../account-status/account-actions.pages.ts'
import { userPath } from '../access/user-reader.pages.ts'
import type { UserReader } from '../access/user-reader.pages.ts'

/**
 * The section with the state of the invitation and a link to make another; undefined for a user with a second factor, who cannot be
 * invited. `end` is when the last invitation expires, or expired.
 */
export function invitationSection(reader: UserReader, end: Instant | undefined): Html | undefined {
  const { say, user } = reader
  if (user.secondFactorAt !== null) return undefined
  const { invitation } = say.user
  const label = end === undefined ? invitation.make : invitation.makeNew
  const make = html`<p>${linkButton(userPath(user, '/invitation'), label)}</p>`
  return section({
    id: 'invitation',
    title: invitation.title,
    body: html`<p ${end === undefined && html`class="lead"`}>${invitationState(reader, end)}</p>
      ${user.disabled ? html`<p>${invitation.off} <a href="#${ENABLE_ID}">${invitation.enableFirst}</a></p>` : make}`,
  })
}

function invitationState(reader: UserReader, end: Instant | undefined): Html {
  const { invitation } = reader.say.user
  if (end === undefined) return html`${invitation.none}`
  return end > reader.now
    ? html`${chip('info', invitation.open)} ${invitation.ends} ${moment(reader, end)}`
    : html`${chip('warn', invitation.over)} ${moment(reader, end)}`
}
