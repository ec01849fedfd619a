// The page on which an admin asks users to confirm their email.
import type { FastifyReply } from 'fastify'

import { isMailOn } from '#domain/mail/mail.service.ts'
import { apiEquivalent } from '#foundation/web/components/api-equivalent.ts'
import { buttonRow, linkButton, submitButton } from '#foundation/web/components/button.ts'
import type { NavigationEntry } from '#foundation/web/components/navigation-entries.ts'
import { panel } from '#foundation/web/components/section.ts'
import { html } from '#foundation/web/html.ts'
import type { App } from '#foundation/web/http/app.ts'
import { flashSentence, readFlash } from '#foundation/web/pages/flash.ts'
import { redirectWithFlash, sendPage } from '#foundation/web/pages/page.ts'
import { adminReader } from '../access/user-reader.pages.ts'
import { USERS_PATH } from '../users/user-list-query.ts'
import { askForConfirmations, readUnconfirmed } from './email-confirmations.service.ts'

export const EMAIL_CONFIRMATIONS_PATH = `${USERS_PATH}/email-confirmations`

const config = { access: 'users:write', page: true, undocumented: true } as const
const navigation: NavigationEntry = { area: 'palette', order: 40, label: (say) => say.emailConfirmations.title }

/** Says how many emails are not confirmed, and asks their users by mail. */
export function emailConfirmationsPages(app: App): void {
  app.get(EMAIL_CONFIRMATIONS_PATH, { config: { ...config, navigation } }, (_request, reply) => showUnconfirmed(reply))

  app.post(EMAIL_CONFIRMATIONS_PATH, { config }, async ({ ctx }, reply) => {
    const { more } = await askForConfirmations(ctx)
    return redirectWithFlash(reply, `${EMAIL_CONFIRMATIONS_PATH}?done=${more ? 'some' : 'asked'}`)
  })
}

async function showUnconfirmed(reply: FastifyReply): Promise<FastifyReply> {
  const { ctx } = reply.request
  const { say, config: settings, formToken } = adminReader(reply)
  const { emailConfirmations: words } = say
  const { due, asked, beyondOwn } = await readUnconfirmed(ctx)
  const isOn = isMailOn(settings)
  return sendPage(reply, {
    title: [words.title, say.users.title],
    heading: words.title,
    up: { href: USERS_PATH, label: say.users.title },
    done: flashSentence(words.done, readFlash(reply)),
    body: panel(
      html`<p class="lead">${words.lead}</p>
        <p><strong>${words.due(due)}</strong></p>
        ${asked > 0 && html`<p>${words.asked(asked)}</p>`}
        ${beyondOwn > 0 && html`<p>${words.beyondOwn(beyondOwn)}</p>`} ${!isOn && html`<p>${words.mailOff}</p>`}
        ${
          isOn &&
          due > 0 &&
          html`<form method="post" action="${EMAIL_CONFIRMATIONS_PATH}">
            ${formToken} ${buttonRow(submitButton(words.submit(due)), linkButton(USERS_PATH, say.words.cancel))}
          </form>`
        }`,
    ),
    api: apiEquivalent(say, settings, {
      method: 'POST',
      path: '/users/email-confirmations',
      body: { dry_run: true },
    }),
  })
}
