// The page that shows a secret once, with what else the app needs. The secret appears in no URL and in no log.
import type { FastifyReply } from 'fastify'

import { isPublic } from '#domain/clients/client.ts'
import { withoutTurns } from '#foundation/kernel/given-name.ts'
import { primaryLink } from '#foundation/web/components/button.ts'
import { withNames } from '#foundation/web/components/person-name.ts'
import { section } from '#foundation/web/components/section.ts'
import { banner } from '#foundation/web/components/status.ts'
import { type Html, html } from '#foundation/web/html.ts'
import { sendPage } from '#foundation/web/pages/page.ts'
import { approvalPath } from '../access/approval-path.ts'
import { type AdminReader, adminReader } from '../access/user-reader.pages.ts'
import { appPath, APPS_PATH } from './app-path.ts'
import { settingsToCopy } from './app-settings.pages.ts'
import type { CreatedApp } from './clients.service.ts'

/** Shows a new app, with its secret if it has one. */
export function showRegistered(reply: FastifyReply, created: CreatedApp): FastifyReply {
  const { registered, waiting, waitsApp } = adminReader(reply).say.appQuestions.shown
  if (created.approval === null) return showOnce(reply, created, { title: registered })
  return showOnce(reply, created, { title: waiting, after: waitsApp })
}

/** Shows a new secret of an app. */
export function showNewSecret(reply: FastifyReply, created: CreatedApp): FastifyReply {
  const { renewed, waitsSecret, next } = adminReader(reply).say.appQuestions.shown
  return showOnce(reply, created, { title: renewed, after: created.approval === null ? next : waitsSecret })
}

interface ShownWords {
  readonly title: (name: string) => string
  /** What has to happen before it works, or what is to be done then. */
  readonly after?: string
}

function showOnce(reply: FastifyReply, created: CreatedApp, { title, after }: ShownWords): FastifyReply {
  const { client } = created
  const reader = adminReader(reply)
  const { say, config } = reader
  const { apps } = say
  const { shown } = say.appQuestions
  return sendPage(reply, {
    title: [title(withoutTurns(client.name)), apps.title],
    heading: withNames(title, client.name),
    notice: isPublic(client) ? banner('ok', shown.public) : banner('warn', shown.once),
    modules: ['copy'],
    body: html`${section({
        id: 'settings',
        title: apps.settings.title,
        lead: isPublic(client) ? apps.settings.leadPublic : apps.settings.lead,
        body: settingsToCopy(say, config, created),
      })}
      ${after !== undefined && html`<p>${after}</p>`}
      <p>${nextLink(reader, created)}</p>`,
  })
}

/** An app that waits for a second admin has no page yet, and who may not see users cannot open the request. */
function nextLink({ say, permissions }: AdminReader, { client, approval }: CreatedApp): Html {
  const { shown } = say.appQuestions
  if (approval === null) return primaryLink(appPath(client), shown.open)
  if (permissions.includes('users:read')) return primaryLink(approvalPath(approval), shown.openRequest)
  return primaryLink(APPS_PATH, say.apps.back)
}
