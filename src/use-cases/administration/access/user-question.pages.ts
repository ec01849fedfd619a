import type { FastifyReply } from 'fastify'

import type { Refusal } from '../../../foundation/kernel/refusal.ts'
import { banner } from '../../../foundation/web/components/status.ts'
import { buttonRow, linkButton, confirmDangerButton } from '../../../foundation/web/components/button.ts'
import { withNames } from '../../../foundation/web/components/person-name.ts'
import { apiEquivalent } from '../../../foundation/web/components/api-equivalent.ts'
import { html } from '../../../foundation/web/html.ts'
import { sendPage } from '../../../foundation/web/pages/page.ts'
import { refusalSentence } from '../../../foundation/texts/texts.ts'
import { nameOfUser, uniqueNameOf, userPath } from './user-reader.pages.ts'
import type { UserReader } from './user-reader.pages.ts'

interface Question {
  /** The path below the user’s page; the API has the same path below the user. */
  readonly below: '/disable' | '/sign-out'
  readonly words: {
    readonly title: string
    readonly question: (name: string) => string
    readonly submit: string
    readonly cancel: string
  }
  /** The consequences for this user. */
  readonly consequences: readonly string[]
  readonly refusal?: Refusal | undefined
}

/** The page that asks before a user is disabled or signed out, with the consequences. */
export function askFirst(
  reply: FastifyReply,
  { say, config, formToken, user }: UserReader,
  { below, words, consequences, refusal }: Question,
): FastifyReply {
  const name = nameOfUser(user)
  return sendPage(reply, {
    title: [words.title, name, say.users.title],
    heading: withNames(words.question, uniqueNameOf(user)),
    frame: 'admin',
    notice: refusal && banner('danger', refusalSentence(say, refusal)),
    refusal,
    failed: refusal !== undefined,
    body: html`<ul>
        ${consequences.map((one) => html`<li>${one}</li>`)}
      </ul>
      <form method="post" action="${userPath(user, below)}">
        ${formToken} ${buttonRow(confirmDangerButton(words.submit), linkButton(userPath(user), words.cancel))}
      </form>
      ${apiEquivalent(say, config, { method: 'POST', path: `/users/${user.id}${below}` })}`,
  })
}
