// The pages that disable, enable and delete an app, and that end all sign-ins to it.
import type { FastifyReply } from 'fastify'

import { type Client, signsUsersIn } from '#domain/clients/client.ts'
import { resourcesServedBy } from '#domain/clients/resource.service.ts'
import type { With } from '#foundation/context.ts'
import { html } from '#foundation/web/html.ts'
import type { App } from '#foundation/web/http/app.ts'
import { unlessGone } from '#foundation/web/pages/form.ts'
import { redirectWithFlash } from '#foundation/web/pages/page.ts'
import { type AdminReader, adminReader } from '../access/user-reader.pages.ts'
import { appPath, APPS_PATH, appTabPath } from './app-path.ts'
import { askAboutApp } from './app-question.pages.ts'
import { deleteApp, disableApp, enableApp, endAppGrants } from './app-state.service.ts'
import { AppParameters } from './clients.schema.ts'
import { readApp } from './clients.service.ts'

const config = { access: 'apps:write', authentication: 'recent', page: true, undocumented: true } as const
const schema = { params: AppParameters }

export function appActsPages(app: App): void {
  app.get(`${APPS_PATH}/:id/disable`, { config, schema }, ({ params }, reply) => askToDisable(reply, params.id))

  app.post(`${APPS_PATH}/:id/disable`, { config, schema }, async ({ ctx, params }, reply) => {
    await disableApp(ctx, params.id)
    return redirectWithFlash(reply, appTabPath(params, 'details', '?done=disabled'))
  })

  app.post(`${APPS_PATH}/:id/enable`, { config, schema }, async ({ ctx, params }, reply) => {
    await enableApp(ctx, params.id)
    return redirectWithFlash(reply, appTabPath(params, 'details', '?done=enabled'))
  })

  app.get(`${APPS_PATH}/:id/delete`, { config, schema }, ({ params }, reply) => askToDelete(reply, params.id))

  app.post(`${APPS_PATH}/:id/delete`, { config, schema }, async ({ ctx, params }, reply) => {
    // A repeated submission finds the app deleted, which is a success.
    await unlessGone('app.not_found', deleteApp(ctx, params.id))
    return redirectWithFlash(reply, `${APPS_PATH}?done=deleted`)
  })

  app.get(`${APPS_PATH}/:id/end-sign-ins`, { config, schema }, ({ params }, reply) => askToEnd(reply, params.id))

  app.post(`${APPS_PATH}/:id/end-sign-ins`, { config, schema }, async ({ ctx, params }, reply) => {
    await endAppGrants(ctx, params.id)
    return redirectWithFlash(reply, appTabPath(params, 'sign-ins', '?done=sign-ins-ended'))
  })
}

async function askToDisable(reply: FastifyReply, id: string): Promise<FastifyReply> {
  const { ctx } = reply.request
  const { client, use } = await readApp(ctx, id)
  const reader = adminReader(reply)
  const { disable: words } = reader.say.appQuestions
  const { out, ends, own, kept } = words.consequences
  return askAboutApp(reply, client, {
    words,
    tab: 'details',
    below: '/disable',
    consequences: [
      ...(signsUsersIn(client) ? [out] : []),
      ...(use.living > 0 ? [ends(use.living, shown(reader, use.living)), own] : []),
      ...(await tokensLost(ctx, reader, client)),
      kept,
    ],
    api: { method: 'POST', path: `/apps/${client.id}/disable` },
  })
}

async function askToDelete(reply: FastifyReply, id: string): Promise<FastifyReply> {
  const { ctx } = reply.request
  const { client, use } = await readApp(ctx, id)
  const reader = adminReader(reply)
  const { deletion: words, disable } = reader.say.appQuestions
  const { out, ends, own } = disable.consequences
  return askAboutApp(reply, client, {
    words,
    tab: 'details',
    below: '/delete',
    consequences: [
      ...(signsUsersIn(client) ? [out] : []),
      ...(use.living > 0 ? [ends(use.living, shown(reader, use.living)), own] : []),
      ...(await tokensLost(ctx, reader, client)),
      words.final,
    ],
    ...(client.disabledAt === null && {
      instead: html`<p>${words.instead} <a href="${appPath(client, '/disable')}">${words.disable}</a></p>`,
    }),
    api: { method: 'DELETE', path: `/apps/${client.id}` },
  })
}

async function askToEnd(reply: FastifyReply, id: string): Promise<FastifyReply> {
  const { client, use } = await readApp(reply.request.ctx, id)
  const reader = adminReader(reply)
  const { endSignIns: words } = reader.say.appQuestions
  const { ends, own, again } = words.consequences
  return askAboutApp(reply, client, {
    words,
    tab: 'sign-ins',
    below: '/end-sign-ins',
    consequences: [ends(use.living, shown(reader, use.living)), own, again],
    api: { method: 'DELETE', path: `/apps/${client.id}/grants` },
  })
}

/** What happens to the resources that the app serves. */
async function tokensLost(ctx: With<'db'>, { say }: AdminReader, { id }: Client): Promise<string[]> {
  const served = await resourcesServedBy(ctx, id)
  const uris = served.map(({ uri }) => uri).join(', ')
  return served.length === 0 ? [] : [say.appQuestions.disable.consequences.resources(uris)]
}

function shown({ say }: AdminReader, count: number): string {
  return count.toLocaleString(say.language)
}
