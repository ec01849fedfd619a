// The sections of an app's page: where people are sent, who is signed in, what it is, and what ends it.
import { type Client, isPublic, signsUsersIn } from '#domain/clients/client.ts'
import type { Resource } from '#domain/clients/resource.ts'
import type { UserSummary } from '#domain/users/user.ts'
import { dangerLink, linkButton, secondaryButton } from '#foundation/web/components/button.ts'
import { exactTime, moment } from '#foundation/web/components/moments.ts'
import { factList, type ListRow, rowList, section } from '#foundation/web/components/section.ts'
import { state } from '#foundation/web/components/status.ts'
import { type Html, html } from '#foundation/web/html.ts'
import { userFace } from '../access/face.pages.ts'
import type { AdminReader } from '../access/user-reader.pages.ts'
import { appPath, RESOURCES_PATH } from './app-path.ts'
import type { RuleWords } from './app-rule.pages.ts'
import type { App } from './clients.service.ts'

/** Where the browser of a user may be sent. */
export function redirectsSection({ say }: AdminReader, client: Client): Html {
  const { redirectUris, logoutUris, deviceSignIn } = client
  const { redirects: words } = say.apps
  const list = (title: string, uris: readonly string[]): Html =>
    html`<h3 class="small">${title}</h3>
      <ul class="lines">
        ${uris.map((uri) => html`<li><code>${uri}</code></li>`)}
      </ul>`
  return section({
    id: 'redirects',
    title: words.title,
    body: html`${redirectUris.length > 0 && list(words.after, redirectUris)}
    ${logoutUris.length > 0 && list(words.afterSignOut, logoutUris)} ${deviceSignIn && html`<p>${words.onDevices}</p>`}`,
  })
}

export function servedSection({ say }: AdminReader, served: readonly Pick<Resource, 'id' | 'uri'>[]): Html | undefined {
  if (served.length === 0) return undefined
  const { title, lead } = say.resources.onApp
  const links = served.map(({ id, uri }) => html`<li><a href="${RESOURCES_PATH}/${id}">${uri}</a></li>`)
  return section({
    id: 'serves',
    title,
    lead,
    body: html`<ul class="lines">
      ${links}
    </ul>`,
  })
}

/** How many sign-ins are open, how long they last, and the way to end them. */
export function useSection(reader: AdminReader, { client, use }: App): Html {
  const { living, lastUsedAt } = use
  const { say } = reader
  const { apps: words } = say
  const count = living === 0 ? words.use.none : words.use.count(living, living.toLocaleString(say.language))
  return section({
    id: 'sign-ins',
    title: words.use.title,
    action: living > 0 && linkButton(appPath(client, '/end-sign-ins'), words.use.end),
    body: html`<p>${count}</p>
      ${factList([
        ...(lastUsedAt === null ? [] : [[words.use.lastUsed, moment(reader, lastUsedAt)] as const]),
        [words.staysSignedIn, words.stays[howLong(client)]],
        [words.asksPeople, client.trusted ? words.asks.no : words.asks.first],
      ])}`,
  })
}

/** What makes the app less secure than it could be. */
export function weakerSection({ say }: AdminReader, client: Client): Html | undefined {
  const { requirePkce, allowHttp, unconfirmedEmail } = client
  const { sure } = say.apps
  const sentences = [
    ...(requirePkce || isPublic(client) ? [] : [sure.noPkce]),
    ...(allowHttp ? [sure.http] : []),
    ...(unconfirmedEmail ? [sure.unverified] : []),
  ]
  if (sentences.length === 0) return undefined
  return section({
    id: 'weaker',
    title: say.appForm.weaker,
    body: html`${sentences.map((sentence) => html`<p>${state('warn', sentence)}</p>`)}`,
  })
}

/** What the app is, and who registered it. */
export function aboutSection(reader: AdminReader, client: Client, admins: ReadonlyMap<string, UserSummary>): Html {
  const { apps: words } = reader.say
  const { createdAt, createdBy, disabledAt } = client
  const maker = createdBy === null ? undefined : admins.get(createdBy)
  const by = maker ? html`${words.by} ${userFace(maker)}` : createdBy === null && words.byOperator
  return section({
    id: 'details',
    title: words.details,
    action: linkButton(appPath(client, '/icon'), words.icon.change),
    body: factList([
      [words.columns.kind, words.kinds[client.kind]],
      [words.authMethod, words.authMethods[client.authMethod]],
      [words.registered, html`${exactTime(reader, createdAt)} ${by}`],
      ...(disabledAt === null ? [] : [[words.disabledSince, exactTime(reader, disabledAt)] as const]),
    ]),
  })
}

/** How long an app may keep a person signed in by itself. */
function howLong({ refreshTokens, scopes }: Client): 'never' | 'session' | 'offline' {
  if (!refreshTokens) return 'never'
  return scopes.includes('offline_access') ? 'offline' : 'session'
}

/** Disables, enables and deletes the app. */
export function dangerSection({ say, formToken }: AdminReader, client: Client, rule: RuleWords | undefined): Html {
  const { danger: words } = say.apps
  const details = signsUsersIn(client) ? words.ofApp : words.ofApi
  const enable: ListRow = {
    detail: rule ? `${details.enable} ${rule.all}` : details.enable,
    action: html`<form method="post" action="${appPath(client, '/enable')}">
      ${formToken} ${secondaryButton(words.enable)}
    </form>`,
  }
  const row = (label: string, detail: string, below: string): ListRow => ({
    detail,
    action: dangerLink(appPath(client, below), label),
  })
  return section({
    id: 'danger',
    title: words.title,
    tone: 'danger',
    body: rowList([
      client.disabledAt === null ? row(words.disable, details.disable, '/disable') : enable,
      row(words.delete, words.deleteDetail, '/delete'),
    ]),
  })
}
