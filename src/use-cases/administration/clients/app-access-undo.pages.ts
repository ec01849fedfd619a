// The pages that undo the last change of who may use an app.
import type { FastifyReply } from 'fastify'

import type { AccessFields } from '#domain/clients/access-change.ts'
import { snakeCase } from '#foundation/kernel/field-name.ts'
import { matchesForm } from '#foundation/kernel/optimistic-locking.ts'
import type { Refusal } from '#foundation/kernel/refusal.ts'
import { linkButton } from '#foundation/web/components/button.ts'
import { moment } from '#foundation/web/components/moments.ts'
import { html } from '#foundation/web/html.ts'
import type { App } from '#foundation/web/http/app.ts'
import { answerOf, typedText } from '#foundation/web/pages/form.ts'
import { redirectWithFlash, seeOther } from '#foundation/web/pages/page.ts'
import { adminReader } from '../access/user-reader.pages.ts'
import { lastAccessChange, undoAccessChange } from './access-undo.service.ts'
import { askAboutAccess } from './app-access-check.pages.ts'
import { appPath, APPS_PATH, appTabPath } from './app-path.ts'
import { ruleOf } from './app-rule.pages.ts'
import { AppParameters, appTag } from './clients.schema.ts'
import { readApp } from './clients.service.ts'

const config = { access: 'apps:write', authentication: 'recent', page: true, undocumented: true } as const
const schema = { params: AppParameters }
const PATH = `${APPS_PATH}/:id/undo-access`

export function appAccessUndoPages(app: App): void {
  app.get(PATH, { config, schema }, ({ params }, reply) => askToUndo(reply, params.id))

  app.post(PATH, { config, schema }, async ({ ctx, params, body }, reply) => {
    const precondition = matchesForm(typedText(body, 'seen') || undefined, appTag)
    const { refusal } = await answerOf(undoAccessChange(ctx, params.id, precondition))
    if (refusal?.code === 'app.not_found') throw refusal
    return refusal
      ? askToUndo(reply, params.id, refusal)
      : redirectWithFlash(reply, appTabPath(params, 'access', '?done=undone'))
  })
}

function inApi(access: AccessFields): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(access).map(([field, value]) => [snakeCase(field), value]))
}

/** Where nothing can be undone, the page of the app says who may use it. */
async function askToUndo(reply: FastifyReply, id: string, refusal?: Refusal): Promise<FastifyReply> {
  const { ctx } = reply.request
  const { client } = await readApp(ctx, id)
  const change = await lastAccessChange(ctx, client)
  if (change === undefined) return seeOther(reply, appTabPath(client, 'access'))
  const reader = adminReader(reply)
  const { undo: words } = reader.say.appAccess
  const rule = ruleOf(ctx, reader)
  return askAboutAccess(reply, {
    title: words.title,
    question: rule ? words.questionOfTwo : words.question,
    name: client.name,
    before: client,
    after: change.before,
    lead: html`<p class="lead">${words.changed} ${moment(reader, change.at)}.</p>`,
    action: appPath(client, '/undo-access'),
    values: { seen: appTag(client) },
    submit: { anyway: words.submit, safely: words.submit },
    back: linkButton(appTabPath(client, 'access'), reader.say.words.cancel),
    rule,
    refusal,
    api: { method: 'PATCH', path: `/apps/${client.id}`, body: inApi(change.before), needsSession: true },
  })
}
