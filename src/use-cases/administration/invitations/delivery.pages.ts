// How an invitation reaches its user: the choice in forms, and the page after it was mailed.
import type { FastifyReply } from 'fastify'

import { isMailOn } from '#domain/mail/mail.service.ts'
import type { User } from '#domain/users/user.ts'
import { withoutTurns } from '#foundation/kernel/given-name.ts'
import { isMailable } from '#foundation/kernel/mailable.ts'
import type { Config } from '#foundation/platform/config/types.ts'
import type { Texts } from '#foundation/texts/texts.ts'
import { linkButton, longButtonRow } from '#foundation/web/components/button.ts'
import { radioGroup } from '#foundation/web/components/choice.ts'
import { deadline } from '#foundation/web/components/moments.ts'
import { name, withNames } from '#foundation/web/components/person-name.ts'
import { unseen, panel } from '#foundation/web/components/section.ts'
import { type Html, html } from '#foundation/web/html.ts'
import { type FormState, typedField } from '#foundation/web/pages/form.ts'
import { sendPage } from '#foundation/web/pages/page.ts'
import { adminReader } from '../access/user-reader.pages.ts'
import { USERS_PATH } from '../users/user-list-query.ts'
import type { Delivery, MailedInvitation } from './invitation.ts'

/** The delivery that a form offers first: by mail wherever mail is on. */
function usualDelivery(config: Config): Delivery {
  return isMailOn(config) ? 'mail' : 'link'
}

/**
 * The choice; without mail there is none, and the link is shown.
 * @param isTitled whether the part of the form has the label as its title
 * @param email the email of the user; undefined in a form that asks for it
 */
export function deliveryChoice(
  { say, config, isTitled = false }: { readonly say: Texts; readonly config: Config; readonly isTitled?: boolean },
  state: FormState,
  email?: string | null,
): Html | undefined {
  if (!isMailOn(config) || (email !== undefined && !isMailable(email ?? ''))) return undefined
  const { delivery } = say.joining
  return radioGroup({
    ...typedField(say, state, 'delivery', usualDelivery(config)),
    label: isTitled ? unseen(delivery.label) : delivery.label,
    options: [
      { value: 'mail', label: delivery.mail, hint: delivery.mailHint },
      { value: 'link', label: delivery.link, hint: delivery.linkHint },
    ],
  })
}

/** Shows that an invitation is on its way. Its link is in no answer: the person who opens it reads the mails of the email. */
export function showMailedInvitation(
  reply: FastifyReply,
  { user, mailed }: { readonly user: User; readonly mailed: MailedInvitation },
): FastifyReply {
  const reader = adminReader(reply)
  const { say } = reader
  const { mailed: words } = say.joining
  const { again, card, title } = say.users
  return sendPage(reply, {
    title: [words.title(withoutTurns(user.username)), title],
    heading: withNames(words.title, user.username),
    up: { href: USERS_PATH, label: title },
    body: panel(
      html`<p>${words.sent} <strong>${name(mailed.mailedTo)}</strong>.</p>
        <p>${words.until} ${deadline(reader, mailed.expiresAt)}.</p>
        <p>${words.again}</p>
        ${longButtonRow(linkButton(`${USERS_PATH}/new`, card.another), linkButton(`${USERS_PATH}/${user.id}/invitation`, again.title))}`,
    ),
  })
}
