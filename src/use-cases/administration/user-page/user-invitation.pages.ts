// The section of a user's page about the invitation.
import { waitsForInvitation } from '#domain/users/user.ts'
import type { Instant } from '#foundation/kernel/time.ts'
import { linkButton } from '#foundation/web/components/button.ts'
import { moment } from '#foundation/web/components/moments.ts'
import { name } from '#foundation/web/components/person-name.ts'
import { section } from '#foundation/web/components/section.ts'
import { chip } from '#foundation/web/components/status.ts'
import { type Html, html } from '#foundation/web/html.ts'
import { mayDo, userPath, type UserReader } from '../access/user-reader.pages.ts'
import type { InvitationMail } from '../invitations/invitations.view.ts'

interface ShownInvitation {
  readonly mail: InvitationMail | undefined
  /** Whether the section has the link that makes another, which the head of the page may have instead. */
  readonly offersToMake: boolean
}

/** The state of the invitation, and perhaps a link to make another; undefined for a user with a second factor, who cannot be invited. */
export function invitationSection(
  reader: UserReader,
  end: Instant | undefined,
  { mail, offersToMake }: ShownInvitation,
): Html | undefined {
  const { say, user } = reader
  if (user.secondFactorAt !== null) return undefined
  const { invitation } = say.user
  const mayInvite = mayDo(reader, 'users:write')
  const label = end === undefined ? invitation.make : invitation.makeNew
  const make =
    mayInvite && offersToMake && !user.disabled && html`<p>${linkButton(userPath(user, '/invitation'), label)}</p>`
  return section({
    id: 'invitation',
    title: invitation.title,
    body: html`<p ${end === undefined && html`class="lead"`}>${invitationState(reader, end)}</p>
      ${mail && html`<p>${mailState(reader, mail)}</p>`} ${make}`,
  })
}

function invitationState(reader: UserReader, end: Instant | undefined): Html {
  const { invitation } = reader.say.user
  if (end === undefined) return html`${waitsForInvitation(reader.user) ? invitation.ended : invitation.none}`
  return end > reader.now
    ? html`${chip('info', invitation.open)} ${invitation.ends} ${moment(reader, end)}`
    : html`${chip('warn', invitation.over)} ${moment(reader, end)}`
}

function mailState(reader: UserReader, { state, recipient, endedAt }: InvitationMail): Html {
  const words = reader.say.joining.mailStates[state]
  return html`${words} ${name(recipient)}${endedAt !== null && html` ${moment(reader, endedAt)}`}`
}
