// A question before an app is changed: what it means, and the button that does it.
import type { FastifyReply } from 'fastify'

import type { Client } from '#domain/clients/client.ts'
import type { Refusal } from '#foundation/kernel/refusal.ts'
import { refusalSentence } from '#foundation/texts/texts.ts'
import { apiEquivalent, type ApiRequest } from '#foundation/web/components/api-equivalent.ts'
import { buttonRow, confirmDangerButton, linkButton, submitButton } from '#foundation/web/components/button.ts'
import { withNames } from '#foundation/web/components/person-name.ts'
import { panel, lineList } from '#foundation/web/components/section.ts'
import { banner } from '#foundation/web/components/status.ts'
import { type Html, html } from '#foundation/web/html.ts'
import { sendPage } from '#foundation/web/pages/page.ts'
import { adminReader } from '../access/user-reader.pages.ts'
import { appPath, type AppTab, appTabPath } from './app-path.ts'

export interface AppQuestion {
  readonly words: {
    readonly title: string
    readonly question: (name: string) => string
    readonly submit: string
  }
  /** The page of the app that asks, to which Cancel leads back. */
  readonly tab: AppTab
  /** The path of the form below the app's page. */
  readonly below: string
  readonly consequences: readonly string[]
  readonly instead?: Html | false | undefined
  /** Nothing is lost, so the button is no warning. */
  readonly isSafe?: boolean
  readonly refusal?: Refusal | undefined
  readonly api: ApiRequest
}

export function askAboutApp(reply: FastifyReply, client: Client, question: AppQuestion): FastifyReply {
  const { words, tab, below, consequences, instead, isSafe = false, refusal, api } = question
  const { say, config, formToken } = adminReader(reply)
  const button = isSafe ? submitButton(words.submit) : confirmDangerButton(words.submit)
  return sendPage(reply, {
    title: [words.title, client.name, say.apps.title],
    heading: withNames(words.question, client.name),
    notice: refusal && banner('danger', refusalSentence(say, refusal)),
    refusal,
    body: panel(
      html`${lineList(consequences)} ${instead}
        <form method="post" action="${appPath(client, below)}">
          ${formToken} ${buttonRow(button, linkButton(appTabPath(client, tab), say.words.cancel))}
        </form>`,
    ),
    api: apiEquivalent(say, config, { ...api, needsSession: true }),
  })
}
