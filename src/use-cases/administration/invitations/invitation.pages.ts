// The lifetime of a new invitation, and the invitation, shown once. Its link appears in no URL of an admin page and in no log.
import { renderSVG } from 'uqr'

import type { User } from '#domain/users/user.ts'
import { withoutTurns } from '#foundation/kernel/given-name.ts'
import type { FieldError } from '#foundation/kernel/refusal.ts'
import { Secret } from '#foundation/kernel/secret.ts'
import type { Duration } from '#foundation/kernel/time.ts'
import { dayAndTime } from '#foundation/texts/day-and-time.ts'
import { spanInWords } from '#foundation/texts/spans.ts'
import type { Texts } from '#foundation/texts/texts.ts'
import { linkButton, longButtonRow } from '#foundation/web/components/button.ts'
import { selectField } from '#foundation/web/components/choice.ts'
import { copyButton, copyField, primaryCopyButton, qrPanel } from '#foundation/web/components/copy.ts'
import { withIcon } from '#foundation/web/components/icon.ts'
import { deadline } from '#foundation/web/components/moments.ts'
import { panel } from '#foundation/web/components/section.ts'
import { banner } from '#foundation/web/components/status.ts'
import { type Html, html } from '#foundation/web/html.ts'
import { errorOf, type FormState } from '#foundation/web/pages/form.ts'
import type { AdminReader } from '../access/user-reader.pages.ts'
import { type Invitation, invitationUrl, lifetimesOffered, mailtoUri } from './invitation.ts'

/** Optional scripts: the card works without them. */
export const CARD_MODULES = ['copy'] as const

const LINK = 'invitation-link'
const MESSAGE = 'invitation-message'

interface ShownInvitation {
  readonly user: User
  readonly invitation: Invitation
  /** The invitation follows a reset of second step and password. */
  readonly afterReset?: boolean
}

/** The link with the ways to send it; QR code and message are folded. The page says above it for whom the link is. */
export function invitationCard(reader: AdminReader, { user, invitation, afterReset = false }: ShownInvitation): Html {
  const { say, config } = reader
  const { card } = say.users
  const url = invitationUrl(config, invitation.token)
  // A border of four modules is the quiet zone that a scanner needs.
  const drawing = Secret.of(renderSVG(url, { border: 4 }))
  const until = dayAndTime(reader, invitation.expiresAt)
  const known = user.lastSignInAt === null ? card.message : card.messageAgain
  const message = (afterReset ? card.messageReset : known)({
    name: withoutTurns(user.fullName?.trim() || user.username),
    instance: config.instanceName,
    url,
    until,
  })
  const mail = user.email && mailtoUri({ to: user.email, subject: card.subject(config.instanceName), body: message })
  return panel(
    html`${banner('warn', card.warning)} ${copyField({ id: LINK, label: card.link, groups: [url] })}
      ${longButtonRow(
        primaryCopyButton(say, LINK, card.copyLink),
        ...(mail ? [linkButton(mail, withIcon('mail', card.sendByEmail))] : []),
      )}
      <p id="invitation-end">
        ${card.until} <strong>${deadline(reader, invitation.expiresAt)}</strong>. ${card.shownOnce}
      </p>
      <div>
        <details>
          <summary>${card.qr}</summary>
          ${qrPanel({ drawing, label: card.qrLabel })}
        </details>
        <details>
          <summary>${card.messageTitle}</summary>
          <dl class="copy">
            <dt class="unseen">${card.messageTitle}</dt>
            <dd>
              <pre class="message" id="${MESSAGE}">${message}</pre>
              ${copyButton(say, MESSAGE)}
            </dd>
          </dl>
        </details>
      </div>`,
  )
}

export function linkField(say: Texts, id: string, url: string): Html {
  return copyField({ id, label: say.users.card.link, groups: [url], action: copyButton(say, id) })
}

export function expiryField(say: Texts, configured: Duration, state: FormState): Html {
  const options = lifetimesOffered(configured).map((lifetime) => ({
    value: String(lifetime / 1000),
    label: spanInWords(say.language, lifetime),
  }))
  const typed = state.values['expires_in']
  const value = options.some((option) => option.value === typed) ? typed : String(configured / 1000)
  const error = errorOf(say, state, 'expires_in')
  return selectField({ id: 'expires_in', label: say.users.expiryLabel, options, value, error })
}

/** Returns the chosen lifetime, the configured one if none was chosen, or a field error for one that is not offered. */
export function chosenLifetime(
  configured: Duration,
  typed: string | undefined,
): { readonly lifetime?: Duration; readonly fieldErrors?: FieldError[] } {
  const offered = lifetimesOffered(configured)
  const lifetime = typed === undefined ? configured : offered.find((one) => String(one / 1000) === typed)
  return lifetime === undefined
    ? { fieldErrors: [{ pointer: '/expires_in', code: 'invitation.lifetime' }] }
    : { lifetime }
}
