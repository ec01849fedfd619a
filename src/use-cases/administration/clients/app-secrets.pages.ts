// The secrets of an app: their list, a new one beside the old one, and the end of one.
import type { FastifyReply } from 'fastify'

import { type ClientSecret, isPublic, isSecretValid, MOST_SECRETS } from '#domain/clients/client.ts'
import type { Refusal } from '#foundation/kernel/refusal.ts'
import { linkButton, quietLink } from '#foundation/web/components/button.ts'
import { exactEnd, moment, momentOrNever } from '#foundation/web/components/moments.ts'
import { section } from '#foundation/web/components/section.ts'
import { dataTable, screenReaderColumn } from '#foundation/web/components/table.ts'
import { type Html, html } from '#foundation/web/html.ts'
import { signedIn } from '#foundation/web/http/access.ts'
import type { App } from '#foundation/web/http/app.ts'
import { SubmitDeduplicator } from '#foundation/web/http/submit-deduplicator.ts'
import { Type } from '#foundation/web/http/type.ts'
import { answerOf, type Outcome, unlessGone } from '#foundation/web/pages/form.ts'
import { redirectWithFlash } from '#foundation/web/pages/page.ts'
import { type AdminReader, adminReader } from '../access/user-reader.pages.ts'
import { appPath, APPS_PATH, appTabPath } from './app-path.ts'
import { askAboutApp } from './app-question.pages.ts'
import { ruleOf } from './app-rule.pages.ts'
import { showNewSecret } from './app-secret-shown.pages.ts'
import { type AddedSecret, addAppSecret, endAppSecret } from './app-secrets.service.ts'
import { AppParameters } from './clients.schema.ts'
import { type App as FoundApp, readApp } from './clients.service.ts'

const NEW = `${APPS_PATH}/:id/secrets/new`
const END = `${APPS_PATH}/:id/secrets/:secret/end`
const config = { access: 'apps:write', authentication: 'recent', page: true, undocumented: true } as const
const ofApp = { params: AppParameters }
const ofSecret = { params: Type.Object({ ...AppParameters.properties, secret: Type.String() }) }

export function appSecretsPages(app: App): void {
  // A repeated submission would make a second secret, and the answer with the first would be lost.
  const submissions = new SubmitDeduplicator<Outcome<AddedSecret>>(({ refusal }) => refusal === undefined)

  app.get(NEW, { config, schema: ofApp }, ({ params }, reply) => askForNew(reply, params.id))

  app.post(NEW, { config, schema: ofApp }, async (request, reply) => {
    const { params, body } = request
    const ctx = signedIn(request.ctx)
    const submission = { browser: ctx.principal.session.id, body, typed: [params.id] }
    const work = () => answerOf(addAppSecret(ctx, params.id))
    const { answer, refusal } = await submissions.answer(submission, ctx.now, work)
    if (refusal) return askForNew(reply, params.id, refusal)
    const { client } = await readApp(ctx, params.id)
    return showNewSecret(reply, { client, ...answer })
  })

  app.get(END, { config, schema: ofSecret }, ({ params }, reply) => askToEnd(reply, params))

  app.post(END, { config, schema: ofSecret }, async ({ ctx, params }, reply) => {
    await unlessGone('app.secret_not_found', endAppSecret(ctx, params.id, params.secret))
    return redirectWithFlash(reply, appTabPath(params, 'secrets', '?done=secret-ended'))
  })
}

async function askForNew(reply: FastifyReply, id: string, refusal?: Refusal): Promise<FastifyReply> {
  const { ctx } = reply.request
  const { client } = await readApp(ctx, id)
  const reader = adminReader(reply)
  const { newSecret: words } = reader.say.appQuestions
  const rule = ruleOf(ctx, reader)
  return askAboutApp(reply, client, {
    words,
    tab: 'secrets',
    below: '/secrets/new',
    consequences: [...words.consequences, ...(rule ? [rule.secret] : [])],
    isSafe: true,
    refusal,
    api: { method: 'POST', path: `/apps/${client.id}/secrets` },
  })
}

async function askToEnd(
  reply: FastifyReply,
  { id, secret }: { readonly id: string; readonly secret: string },
): Promise<FastifyReply> {
  const { ctx } = reply.request
  const { client, secrets } = await readApp(ctx, id)
  const reader = adminReader(reply)
  const { secretEnd: words } = reader.say.appQuestions
  const { stops, only, final } = words.consequences
  const isOnly = secrets.filter((one) => isSecretValid(one, ctx.now)).every((one) => one.id === secret)
  const made = secrets.find((one) => one.id === secret)?.createdAt
  return askAboutApp(reply, client, {
    words,
    tab: 'secrets',
    below: `/secrets/${encodeURIComponent(secret)}/end`,
    consequences: [...(made === undefined ? [] : [words.made(exactEnd(reader, made))]), isOnly ? only : stops, final],
    instead: isOnly && html`<p><a href="${appPath(client, '/secrets/new')}">${words.first}</a></p>`,
    api: { method: 'DELETE', path: `/apps/${client.id}/secrets/${secret}` },
  })
}

export function secretsSection(reader: AdminReader, { client, secrets }: FoundApp): Html {
  const { say, now } = reader
  const { secrets: words } = say.apps
  if (isPublic(client)) return section({ id: 'secrets', title: words.title, lead: words.leadPublic })
  const valid = secrets.filter((secret) => isSecretValid(secret, now))
  return section({
    id: 'secrets',
    title: words.title,
    lead: words.lead,
    action: valid.length < MOST_SECRETS && linkButton(appPath(client, '/secrets/new'), words.add),
    body: dataTable({
      caption: words.table,
      kind: 'compact',
      columns: [
        ...[words.made, words.lastUsed, words.ends].map((label) => ({ label })),
        screenReaderColumn(words.actions),
      ],
      rows: secrets.map((secret) => ({ cells: secretCells(reader, client, secret) })),
      empty: html`<p>${words.none}</p>`,
    }),
  })
}

function secretCells(reader: AdminReader, client: { readonly id: string }, secret: ClientSecret): (Html | string)[] {
  const { say, now } = reader
  const { secrets: words } = say.apps
  const { expiresAt } = secret
  const made = exactEnd(reader, secret.createdAt)
  const link = quietLink(
    appPath(client, `/secrets/${encodeURIComponent(secret.id)}/end`),
    html`${words.revoke}<span class="unseen"> – ${words.which(made)}</span>`,
  )
  return [
    html`${made} <span class="small">${moment(reader, secret.createdAt)}</span>`,
    momentOrNever(reader, secret.lastUsedAt),
    momentOrNever(reader, expiresAt),
    isSecretValid(secret, now) ? link : words.expired,
  ]
}
