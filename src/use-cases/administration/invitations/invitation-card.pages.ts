// Shows a new invitation once, so that the admin can pass it on. Its link appears in no URL of an admin page and in no log.
import { withoutTurns } from '../../../foundation/kernel/given-name.ts'
import type { Config } from '../../../foundation/platform/config/types.ts'
import type { User } from '../../../domain/users/user.ts'
import { banner } from '../../../foundation/web/components/status.ts'
import { copyButton, copyField, qrPanel } from '../../../foundation/web/components/copy.ts'
import { dayAndTime } from '../../../foundation/texts/day-and-time.ts'
import { html } from '../../../foundation/web/html.ts'
import type { Html } from '../../../foundation/web/html.ts'
import { moment } from '../../../foundation/web/components/moments.ts'
import type { MomentReader } from '../../../foundation/web/components/moments.ts'
import type { Texts } from '../../../foundation/texts/texts.ts'
import { invitationUrl } from './invitation.ts'
import type { Invitation } from './invitation.ts'
import { renderSVG } from 'uqr'
import { Secret } from '../../../foundation/kernel/secret.ts'

/** Optional scripts: the card works without them. */
export const CARD_MODULES = ['copy'] as const

type Names = Pick<Config, 'publicUrl' | 'instanceName'>

/** Link, QR code, expiry and a message to send. */
export function invitationCard(
  reader: MomentReader,
  config: Names,
  { user, invitation }: { readonly user: User; readonly invitation: Invitation },
): Html {
  const { say } = reader
  const { card } = say.users
  const url = invitationUrl(config, invitation.token)
  const until = dayAndTime(reader, invitation.expiresAt)
  const message = (user.lastSignInAt === null ? card.message : card.messageAgain)({
    name: withoutTurns(user.fullName?.trim() || user.username),
    instance: config.instanceName,
    url,
    until,
  })
  return html`${banner('warn', card.warning)}
    <p>${card.shownOnce}</p>
    ${linkField(say, 'invitation-link', url)}
    <p id="invitation-end">${card.until} <strong>${until}</strong> (${moment(reader, invitation.expiresAt)}).</p>
    <p class="small">${card.qrHint}</p>
    ${qrPanel({ drawing: drawLink(url), label: card.qrLabel })}
    <dl class="copy">
      <dt>${card.messageTitle}</dt>
      <dd>
        <pre class="message" id="invitation-message">${message}</pre>
        ${copyButton(say, 'invitation-message')}
      </dd>
    </dl>`
}

/** A field with an invitation’s link and a copy button. */
export function linkField(say: Texts, id: string, url: string): Html {
  return copyField({ id, label: say.users.card.link, groups: [url], action: copyButton(say, id) })
}

/** A link as a QR code, for a phone held to the screen: dark on white with its quiet zone, so that it scans in any theme. */
function drawLink(url: string): Secret {
  return Secret.of(renderSVG(url, { border: 4 }))
}
