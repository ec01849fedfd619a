// The pages of one app, each behind a tab: what is copied into the app comes first.
import type { FastifyReply } from 'fastify'

import { listAttributes } from '#domain/attributes/attribute.service.ts'
import { deliveryStateOf } from '#domain/back-channel/app-deliveries.service.ts'
import { findPreset } from '#domain/clients/preset.service.ts'
import { resourcesServedBy } from '#domain/clients/resource.service.ts'
import { html } from '#foundation/web/html.ts'
import type { App } from '#foundation/web/http/app.ts'
import { queryText } from '#foundation/web/pages/form.ts'
import { seeOther } from '#foundation/web/pages/page.ts'
import { adminReader } from '../access/user-reader.pages.ts'
import { accessSection } from './app-access-section.pages.ts'
import { deliveriesSection } from './app-deliveries.pages.ts'
import { hasAppTab, sendAppPage } from './app-head.pages.ts'
import { learnedSection } from './app-learns.pages.ts'
import { adminsOfApp, namesOfGroups } from './app-names.service.ts'
import { appPath, APPS_PATH } from './app-path.ts'
import { ruleOf } from './app-rule.pages.ts'
import { secretsSection } from './app-secrets.pages.ts'
import {
  aboutSection,
  dangerSection,
  redirectsSection,
  servedSection,
  useSection,
  weakerSection,
} from './app-sections.pages.ts'
import { AppParameters } from './clients.schema.ts'
import { readApp } from './clients.service.ts'
import { settingsOnPage } from './preset-settings.pages.ts'

const config = { access: 'apps:write', page: true, undocumented: true } as const
const schema = { params: AppParameters }

export function appPages(app: App): void {
  app.get(`${APPS_PATH}/:id`, { config, schema }, ({ params, query }, reply) =>
    showSettings(reply, params.id, queryText(query, 'preset')),
  )
  app.get(`${APPS_PATH}/:id/access`, { config, schema }, ({ params }, reply) => showAccess(reply, params.id))
  app.get(`${APPS_PATH}/:id/sign-ins`, { config, schema }, ({ params }, reply) => showSignIns(reply, params.id))
  app.get(`${APPS_PATH}/:id/secrets`, { config, schema }, ({ params }, reply) => showSecrets(reply, params.id))
  app.get(`${APPS_PATH}/:id/details`, { config, schema }, ({ params }, reply) => showDetails(reply, params.id))
}

async function showSettings(reply: FastifyReply, id: string, program: string | undefined): Promise<FastifyReply> {
  const { ctx } = reply.request
  const found = await readApp(ctx, id)
  const { client } = found
  const reader = adminReader(reply)
  const settings = await settingsOnPage(reader, client, await findPreset(program ?? client.preset ?? undefined))
  const served = servedSection(reader, await resourcesServedBy(ctx, client.id))
  return sendAppPage(reply, found, {
    tab: 'settings',
    body: html`${settings} ${weakerSection(reader, client)}
    ${hasAppTab(client, 'sign-ins') && redirectsSection(reader, client)} ${served}`,
    api: { method: 'GET', path: `/apps/${client.id}` },
  })
}

async function showAccess(reply: FastifyReply, id: string): Promise<FastifyReply> {
  const { ctx } = reply.request
  const found = await readApp(ctx, id)
  const { client } = found
  if (!hasAppTab(client, 'access')) return seeOther(reply, appPath(client))
  const reader = adminReader(reply)
  const admins = await adminsOfApp(ctx, client)
  const groups = await namesOfGroups(ctx, client.sharedGroups)
  const attributes = client.attributes.length === 0 ? [] : await listAttributes(ctx)
  return sendAppPage(reply, found, {
    tab: 'access',
    body: html`${await accessSection(ctx, reader, client)}
    ${learnedSection(reader, client, { attributes, groups, admins })}`,
    api: { method: 'POST', path: `/apps/${client.id}/access-check`, body: {} },
  })
}

async function showSignIns(reply: FastifyReply, id: string): Promise<FastifyReply> {
  const { ctx } = reply.request
  const found = await readApp(ctx, id)
  const { client } = found
  if (!hasAppTab(client, 'sign-ins')) return seeOther(reply, appPath(client))
  const reader = adminReader(reply)
  return sendAppPage(reply, found, {
    tab: 'sign-ins',
    body: html`${deliveriesSection(reader, client, await deliveryStateOf(ctx, client))} ${useSection(reader, found)}`,
    api: { method: 'DELETE', path: `/apps/${client.id}/grants`, needsSession: true },
  })
}

async function showSecrets(reply: FastifyReply, id: string): Promise<FastifyReply> {
  const found = await readApp(reply.request.ctx, id)
  return sendAppPage(reply, found, {
    tab: 'secrets',
    body: secretsSection(adminReader(reply), found),
    api: { method: 'POST', path: `/apps/${found.client.id}/secrets`, needsSession: true },
  })
}

async function showDetails(reply: FastifyReply, id: string): Promise<FastifyReply> {
  const { ctx } = reply.request
  const found = await readApp(ctx, id)
  const { client } = found
  const reader = adminReader(reply)
  return sendAppPage(reply, found, {
    tab: 'details',
    body: html`${aboutSection(reader, client, await adminsOfApp(ctx, client))}
    ${dangerSection(reader, client, ruleOf(ctx, reader))}`,
    api: { method: 'GET', path: `/apps/${client.id}` },
  })
}
