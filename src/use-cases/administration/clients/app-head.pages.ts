// What the pages of one app have in common: its face, its kind, and the tabs that lead from one to the next.
import type { FastifyReply } from 'fastify'

import { deliveryStateOf } from '#domain/back-channel/app-deliveries.service.ts'
import { type Client, signsUsersIn } from '#domain/clients/client.ts'
import { apiEquivalent, type ApiRequest } from '#foundation/web/components/api-equivalent.ts'
import { linkButton } from '#foundation/web/components/button.ts'
import { name as isolated } from '#foundation/web/components/person-name.ts'
import type { SideNavigation } from '#foundation/web/components/side-navigation.ts'
import { chip } from '#foundation/web/components/status.ts'
import { type Html, html } from '#foundation/web/html.ts'
import { flashSentence, readFlash } from '#foundation/web/pages/flash.ts'
import { sendPage } from '#foundation/web/pages/page.ts'
import { appIcon } from '#use-cases/page-sections/app-icon.pages.ts'
import { type AdminReader, adminReader } from '../access/user-reader.pages.ts'
import { endsUnheard } from './app-deliveries.pages.ts'
import { APP_TABS, type AppTab, appPath, APPS_PATH, appTabPath } from './app-path.ts'
import type { App } from './clients.service.ts'

export interface AppPage {
  readonly tab: AppTab
  readonly body: Html
  /** What the page shows or does, as a request. */
  readonly api: ApiRequest
}

/** Sends one of the pages of an app. */
export async function sendAppPage(
  reply: FastifyReply,
  { client, icon }: App,
  { tab, body, api }: AppPage,
): Promise<FastifyReply> {
  const reader = adminReader(reply)
  const unheard = endsUnheard(await deliveryStateOf(reply.request.ctx, client))
  const { say, config } = reader
  const { apps: words } = say
  const face = { id: client.id, name: client.name, icon }
  return sendPage(reply, {
    title: [...(tab === 'settings' ? [] : [words.tabs[tab]]), client.name, words.title],
    heading: html`<span class="with-avatar">${appIcon(face, 'large')}<span>${isolated(client.name)}</span></span>`,
    up: { href: APPS_PATH, label: words.title },
    done: flashSentence(words.done, readFlash(reply)),
    modules: ['copy'],
    beside: linkButton(appPath(client, '/change'), words.change),
    tabs: tabsOf(reader, client, unheard),
    standing: html`${words.kinds[client.kind]} ${client.disabledAt !== null && chip('plain', words.disabled)}`,
    body,
    api: apiEquivalent(say, config, api),
  })
}

/** Whether the app has this page: no one signs in to an API. */
export function hasAppTab(client: Client, tab: AppTab): boolean {
  return signsUsersIn(client) || (tab !== 'access' && tab !== 'sign-ins')
}

function tabsOf({ say: { apps } }: AdminReader, client: Client, unheard: number): SideNavigation {
  const shown = APP_TABS.filter((tab) => hasAppTab(client, tab))
  return {
    label: apps.tabsLabel,
    links: shown.map((tab) => ({
      path: appTabPath(client, tab),
      label: apps.tabs[tab],
      count: tab === 'sign-ins' ? unheard : 0,
    })),
  }
}
