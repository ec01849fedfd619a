// The page that shows a secret once, with what else the app needs. The secret appears in no URL and in no log.
import type { FastifyReply } from 'fastify'

import { isPublic } from '#domain/clients/client.ts'
import type { Preset } from '#domain/clients/preset.ts'
import { withoutTurns } from '#foundation/kernel/given-name.ts'
import { primaryLink } from '#foundation/web/components/button.ts'
import { withNames } from '#foundation/web/components/person-name.ts'
import { banner } from '#foundation/web/components/status.ts'
import { type Html, html } from '#foundation/web/html.ts'
import { sendPage } from '#foundation/web/pages/page.ts'
import { approvalPath } from '../access/approval-path.ts'
import { type AdminReader, adminReader } from '../access/user-reader.pages.ts'
import { appPath, APPS_PATH } from './app-path.ts'
import type { CreatedApp } from './clients.service.ts'
import { settingsShownOnce } from './preset-settings.pages.ts'

/** Shows a new app, with its secret if it has one, and the settings of its program if it is registered by a preset. */
export function showRegistered(reply: FastifyReply, created: CreatedApp, preset: Preset | undefined): FastifyReply {
  const { registered, waiting, waitsApp } = adminReader(reply).say.appQuestions.shown
  if (created.approval === null) return showOnce(reply, created, { title: registered, preset })
  return showOnce(reply, created, { title: waiting, after: waitsApp, preset })
}

export function showNewSecret(reply: FastifyReply, created: CreatedApp): FastifyReply {
  const { renewed, waitsSecret, next } = adminReader(reply).say.appQuestions.shown
  return showOnce(reply, created, { title: renewed, after: created.approval === null ? next : waitsSecret })
}

interface ShownWords {
  readonly title: (name: string) => string
  /** What has to happen before it works, or what is to be done then. */
  readonly after?: string
  readonly preset?: Preset | undefined
}

function showOnce(reply: FastifyReply, created: CreatedApp, { title, after, preset }: ShownWords): FastifyReply {
  const { client } = created
  const reader = adminReader(reply)
  const { say } = reader
  const { apps } = say
  const { shown } = say.appQuestions
  const next = nextLink(reader, created, preset)
  return sendPage(reply, {
    title: [title(withoutTurns(client.name)), apps.title],
    up: { href: APPS_PATH, label: apps.title },
    heading: withNames(title, client.name),
    notice: isPublic(client) ? banner('ok', shown.public) : banner('warn', shown.once),
    modules: ['copy'],
    body: html`${settingsShownOnce(reader, { ...created, preset })} ${after !== undefined && html`<p>${after}</p>`}
    ${next && html`<p>${next}</p>`}`,
  })
}

/** An app that waits for a second admin has no page yet, and who may not see users cannot open the request. */
function nextLink(
  { say, permissions }: AdminReader,
  { client, approval }: CreatedApp,
  preset: Preset | undefined,
): Html | undefined {
  const { shown } = say.appQuestions
  if (approval === null) return primaryLink(appPath(client, preset && `?preset=${preset.name}`), shown.open)
  if (permissions.includes('users:read')) return primaryLink(approvalPath(approval), shown.openRequest)
  return undefined
}
