// The page of one app.
import type { FastifyReply } from 'fastify'

import { listAttributes } from '#domain/attributes/attribute.service.ts'
import { type Client, signsUsersIn } from '#domain/clients/client.ts'
import { findPreset } from '#domain/clients/preset.service.ts'
import { resourcesServedBy } from '#domain/clients/resource.service.ts'
import { apiEquivalent } from '#foundation/web/components/api-equivalent.ts'
import { linkButton } from '#foundation/web/components/button.ts'
import { name as isolated } from '#foundation/web/components/person-name.ts'
import { cardGrid, sectionColumn } from '#foundation/web/components/section.ts'
import type { SideNavigation } from '#foundation/web/components/side-navigation.ts'
import { chip } from '#foundation/web/components/status.ts'
import { html } from '#foundation/web/html.ts'
import type { App } from '#foundation/web/http/app.ts'
import { flashSentence, readFlash } from '#foundation/web/pages/flash.ts'
import { queryText } from '#foundation/web/pages/form.ts'
import { sendPage } from '#foundation/web/pages/page.ts'
import { appIcon } from '#use-cases/page-sections/app-icon.pages.ts'
import { type AdminReader, adminReader } from '../access/user-reader.pages.ts'
import { accessSection } from './app-access-section.pages.ts'
import { learnedSection } from './app-learns.pages.ts'
import { adminsOfApp, namesOfGroups } from './app-names.service.ts'
import { appPath, APPS_PATH } from './app-path.ts'
import { ruleOf } from './app-rule.pages.ts'
import { secretsSection } from './app-secrets.pages.ts'
import { aboutSection, dangerSection, redirectsSection, servedSection, useSection } from './app-sections.pages.ts'
import { AppParameters } from './clients.schema.ts'
import { readApp } from './clients.service.ts'
import { settingsOnPage } from './preset-settings.pages.ts'

export function appPages(app: App): void {
  const config = { access: 'apps:write', page: true, undocumented: true } as const
  app.get(`${APPS_PATH}/:id`, { config, schema: { params: AppParameters } }, ({ params, query }, reply) =>
    showApp(reply, params.id, queryText(query, 'preset')),
  )
}

async function showApp(reply: FastifyReply, id: string, program: string | undefined): Promise<FastifyReply> {
  const { ctx } = reply.request
  const reader = adminReader(reply)
  const { say, config } = reader
  const { apps: words } = say
  const found = await readApp(ctx, id)
  const { client } = found
  const face = { id: client.id, name: client.name, icon: found.icon }
  const admins = await adminsOfApp(ctx, client)
  const groups = await namesOfGroups(ctx, client.sharedGroups)
  const attributes = client.attributes.length === 0 ? [] : await listAttributes(ctx)
  const about = aboutSection(reader, client, admins)
  const served = servedSection(reader, await resourcesServedBy(ctx, client.id))
  const settings = await settingsOnPage(reader, client, await findPreset(program ?? client.preset ?? undefined))
  return sendPage(reply, {
    title: [client.name, words.title],
    heading: html`<span class="with-avatar">${appIcon(face, 'large')}<span>${isolated(client.name)}</span></span>`,
    up: { href: APPS_PATH, label: words.title },
    done: flashSentence(words.done, readFlash(reply)),
    modules: ['copy'],
    beside: linkButton(appPath(client, '/change'), words.change),
    tabs: appTabs(reader, client),
    standing: html`${words.kinds[client.kind]} ${client.disabledAt !== null && chip('plain', words.disabled)}`,
    body: html`${cardGrid(
      signsUsersIn(client)
        ? [
            sectionColumn(
              await accessSection(ctx, reader, client),
              useSection(reader, found),
              redirectsSection(reader, client),
              learnedSection(reader, client, { attributes, groups, admins }),
            ),
            sectionColumn(settings, about, served),
          ]
        : [sectionColumn(settings), sectionColumn(about, served)],
    )}
    ${secretsSection(reader, found)} ${dangerSection(reader, client, ruleOf(ctx, reader))}`,
    api: apiEquivalent(say, config, { method: 'GET', path: `/apps/${client.id}` }),
  })
}

function appTabs({ say }: AdminReader, client: Client): SideNavigation {
  const { redirects, use, learns, settings, secrets, danger } = say.apps
  const ofSignIn = [
    ['access', say.appAccess.title],
    ['sign-ins', use.title],
    ['redirects', redirects.title],
    ['learns', learns.title],
  ] as const
  // In the order of the cards.
  const sections = [
    ...(signsUsersIn(client) ? ofSignIn : []),
    ['settings', settings.tab],
    ['secrets', secrets.title],
    ['danger', danger.title],
  ] as const
  return {
    label: say.user.navigation,
    links: sections.map(([id, label]) => ({ path: appPath(client, `#${id}`), label })),
  }
}
