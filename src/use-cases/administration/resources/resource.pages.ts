// The page of one resource, and the page that deletes it.
import type { FastifyReply } from 'fastify'

import { isDocumentUrl } from '#domain/agents/allowed-documents.ts'
import { issuerOf } from '#domain/clients/issuer.ts'
import { tokenLifetime } from '#domain/clients/resource.ts'
import { findUserSummaries } from '#domain/users/user-summary.service.ts'
import { seconds } from '#foundation/kernel/time.ts'
import { spanInWords } from '#foundation/texts/spans.ts'
import { apiEquivalent } from '#foundation/web/components/api-equivalent.ts'
import { buttonRow, confirmDangerButton, dangerLink, linkButton } from '#foundation/web/components/button.ts'
import { copyButton, copyField } from '#foundation/web/components/copy.ts'
import { exactTime } from '#foundation/web/components/moments.ts'
import { name as isolated, withNames } from '#foundation/web/components/person-name.ts'
import { factList, rowList, section, panel, lineList } from '#foundation/web/components/section.ts'
import { state } from '#foundation/web/components/status.ts'
import { type Html, html } from '#foundation/web/html.ts'
import type { App } from '#foundation/web/http/app.ts'
import { flashSentence, readFlash } from '#foundation/web/pages/flash.ts'
import { unlessGone } from '#foundation/web/pages/form.ts'
import { redirectWithFlash, sendPage } from '#foundation/web/pages/page.ts'
import { userFace } from '../access/face.pages.ts'
import { type AdminReader, adminReader } from '../access/user-reader.pages.ts'
import { AGENTS_PATH, appPath } from '../clients/app-path.ts'
import { resourcePath, RESOURCES_PATH } from './resource-path.ts'
import { ResourceParameters } from './resources.schema.ts'
import { type NamedResource, readNamedResource, removeResource } from './resources.service.ts'

const reads = { access: 'apps:write', page: true, undocumented: true } as const
const deletes = { ...reads, authentication: 'recent' } as const
const schema = { params: ResourceParameters }

export function resourcePages(app: App): void {
  app.get(`${RESOURCES_PATH}/:id`, { config: reads, schema }, ({ params }, reply) => showResource(reply, params.id))

  app.get(`${RESOURCES_PATH}/:id/delete`, { config: deletes, schema }, ({ params }, reply) =>
    askToDelete(reply, params.id),
  )

  app.post(`${RESOURCES_PATH}/:id/delete`, { config: deletes, schema }, async ({ ctx, params }, reply) => {
    // A repeated submission finds the resource deleted, which is a success.
    await unlessGone('resource.not_found', removeResource(ctx, params.id))
    return redirectWithFlash(reply, `${RESOURCES_PATH}?done=deleted`)
  })
}

async function showResource(reply: FastifyReply, id: string): Promise<FastifyReply> {
  const { ctx } = reply.request
  const reader = adminReader(reply)
  const { say, config } = reader
  const { resources: words } = say
  const found = await readNamedResource(ctx, id)
  const { resource } = found
  return sendPage(reply, {
    title: [resource.name, words.title],
    heading: isolated(resource.name),
    up: { href: RESOURCES_PATH, label: words.title },
    done: flashSentence(words.done, readFlash(reply)),
    modules: ['copy'],
    beside: linkButton(resourcePath(resource, '/change'), words.change),
    standing: html`<code>${resource.uri}</code>`,
    body: html`${!resource.isServed && html`<p>${state('warn', words.notServedDetail)}</p>`}
    ${settingsSection(reader, found)} ${await detailsSection(reply, reader, found)}
    ${section({
      id: 'danger',
      title: say.apps.danger.title,
      tone: 'danger',
      body: rowList([
        {
          detail: words.deletion.detail,
          action: dangerLink(resourcePath(resource, '/delete'), words.deletion.title),
        },
      ]),
    })}`,
    api: apiEquivalent(say, config, { method: 'GET', path: `/resources/${resource.id}` }),
  })
}

async function detailsSection(
  reply: FastifyReply,
  reader: AdminReader,
  { resource, names }: NamedResource,
): Promise<Html> {
  const { say, config, permissions } = reader
  const { resources: words } = say
  const { servedBy, tokenFormat, lifetime, scopes, allowedClients, createdAt, createdBy } = resource
  const usual = config.accessTokenLifetime / 1000
  const span = spanInWords(say.language, seconds(tokenLifetime(resource, usual)))
  const link = (id: string): Html =>
    names.has(id)
      ? html`<a href="${isDocumentUrl(id) ? AGENTS_PATH : appPath({ id })}">${isolated(names.get(id) ?? '')}</a>`
      : html`${words.gone}`
  const list = (items: readonly Html[], none: string): Html | string =>
    items.length === 0
      ? none
      : html`<ul class="lines">
          ${items.map((item) => html`<li>${item}</li>`)}
        </ul>`
  const apps = allowedClients === 'all' ? words.allApps : list(allowedClients.map(link), words.noApps)
  const admins = await findUserSummaries(reply.request.ctx, permissions.includes('users:read') ? [createdBy] : [])
  const maker = createdBy === null ? undefined : admins.get(createdBy)
  const by = maker ? html`${words.by} ${userFace(maker)}` : createdBy === null && words.byOperator
  return section({
    id: 'details',
    title: words.details,
    body: factList([
      [words.servedBy, servedBy === null ? words.servedByNone : link(servedBy)],
      [
        words.tokens,
        html`${words.formats[tokenFormat]}
          <div class="small">${tokenFormat === 'jwt' ? words.jwtCost(span) : words.opaqueCost}</div>`,
      ],
      [words.lifetime, html`${span} ${lifetime === null && html`<div class="small">${words.usual}</div>`}`],
      [
        words.scopes,
        list(
          scopes.map((scope) => html`<code>${scope}</code>`),
          words.noScopes,
        ),
      ],
      [words.apps, apps],
      [words.registered, html`${exactTime(reader, createdAt)} ${by}`],
    ]),
  })
}

/** What the API needs to check a token: by the key set, or at the introspection endpoint. */
function settingsSection({ say, config }: AdminReader, { resource }: NamedResource): Html {
  const { settings: words } = say.resources
  const issuer = issuerOf(config)
  const field = (id: string, label: string, value: string) =>
    copyField({ id, label, groups: [value], action: copyButton(say, id) })
  const check =
    resource.tokenFormat === 'jwt'
      ? field('keys', words.keys, `${issuer}/jwks`)
      : field('introspection', words.introspection, `${issuer}/token/introspection`)
  return section({
    id: 'settings',
    title: words.title,
    lead: words.lead,
    body: html`<div class="to-copy">
      ${field('audience', words.audience, resource.uri)} ${field('issuer', words.issuer, issuer)} ${check}
    </div>`,
  })
}

async function askToDelete(reply: FastifyReply, id: string): Promise<FastifyReply> {
  const { resource } = await readNamedResource(reply.request.ctx, id)
  const { say, config, formToken } = adminReader(reply)
  const { deletion: words, title } = say.resources
  return sendPage(reply, {
    title: [words.title, resource.name, title],
    heading: withNames(words.question, resource.name),
    body: panel(
      html`${lineList(words.consequences)}
        <form method="post" action="${resourcePath(resource, '/delete')}">
          ${formToken}
          ${buttonRow(confirmDangerButton(words.submit), linkButton(resourcePath(resource), say.words.cancel))}
        </form>`,
    ),
    api: apiEquivalent(say, config, { method: 'DELETE', path: `/resources/${resource.id}`, needsSession: true }),
  })
}
