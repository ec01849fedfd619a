// The start page of a user: the apps to open, and those to which the user is signed in.
import type { FastifyReply, FastifyRequest } from 'fastify'

import { foldName } from '#foundation/kernel/fold.ts'
import { permissionsOf } from '#foundation/kernel/principal.ts'
import { type Texts, texts } from '#foundation/texts/texts.ts'
import { apiEquivalent } from '#foundation/web/components/api-equivalent.ts'
import { linkButton, primaryLink } from '#foundation/web/components/button.ts'
import { emptyState } from '#foundation/web/components/empty-state.ts'
import { searchForm } from '#foundation/web/components/list-navigation.ts'
import type { NavigationEntry } from '#foundation/web/components/navigation-entries.ts'
import { name as isolated } from '#foundation/web/components/person-name.ts'
import { type Html, html } from '#foundation/web/html.ts'
import { signedIn } from '#foundation/web/http/access.ts'
import type { App } from '#foundation/web/http/app.ts'
import { flashSentence, readFlash } from '#foundation/web/pages/flash.ts'
import { queryText } from '#foundation/web/pages/form.ts'
import { localeOf, sendPage } from '#foundation/web/pages/page.ts'
import { appIcon } from '#use-cases/page-sections/app-icon.pages.ts'
import { OWN_APPS_PATH } from './own-apps-path.ts'
import { signInsSection } from './own-sign-ins.pages.ts'
import { listOwnSignIns } from './own-sign-ins.service.ts'
import { listStartApps, type StartApp } from './start-page.service.ts'

/** So many are seen at a glance; more of them can be searched. */
const AT_A_GLANCE = 24
const MOST_SHOWN = 200

const navigation: NavigationEntry = {
  area: 'apps',
  order: 10,
  label: (say) => say.ownApps.title,
  drawing: 'apps',
  where: 'apps',
}

export function startPages(app: App): void {
  const config = { access: 'signed-in', page: true, undocumented: true, navigation } as const
  app.get(OWN_APPS_PATH, { config }, showStartPage)
}

async function showStartPage(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const ctx = signedIn(request.ctx)
  const say = texts(localeOf(reply))
  const { ownApps: words } = say
  const q = queryText(request.query, 'q')
  const [apps, signIns] = [await listStartApps(ctx), await listOwnSignIns(ctx)]
  const isEmpty = apps.length === 0 && signIns.length === 0
  return sendPage(reply, {
    title: words.title,
    done: flashSentence(words.done, readFlash(reply)),
    body: isEmpty
      ? emptyPage(say, permissionsOf(ctx.principal).includes('apps:write'))
      : html`${apps.length === 0 ? html`<p class="lead">${words.noneToOpen}</p>` : appsToOpen(say, apps, q)}
        ${await signInsSection(request, say, signIns)}`,
    api: apiEquivalent(say, ctx.config, { method: 'GET', path: '/users/me/apps' }),
  })
}

/** Says what the page is for; a user who may register apps gets links to them. */
function emptyPage({ ownApps: { none } }: Texts, mayRegister: boolean): Html {
  const further = mayRegister
    ? html`<div class="actions">
        ${primaryLink('/admin/apps/new', none.register)} ${linkButton('/admin/apps', none.manage)}
      </div>`
    : linkButton('/account', none.account)
  return emptyState({
    drawing: 'ajar',
    title: none.title,
    text: mayRegister ? none.adminText : none.text,
    action: further,
  })
}

function appsToOpen(say: Texts, apps: readonly StartApp[], q: string | undefined): Html {
  const { ownApps: words } = say
  const term = foldName(q ?? '')
  const found = apps.filter(({ name }) => foldName(name).includes(term))
  const search = searchForm(say, {
    action: OWN_APPS_PATH,
    name: 'q',
    value: q ?? '',
    label: words.search,
    placeholder: words.searchHint,
    hidden: {},
  })
  const rest = found.length > MOST_SHOWN && words.more(MOST_SHOWN.toLocaleString(say.language))
  return html`<p class="lead">${words.lead}</p>
    ${apps.length > AT_A_GLANCE && search}
    ${
      found.length === 0
        ? html`<p>${words.noneFound} <a href="${OWN_APPS_PATH}">${words.clearSearch}</a></p>`
        : html`<ul class="app-cards" aria-label="${words.list}">
            ${found.slice(0, MOST_SHOWN).map(appCard)}
          </ul>`
    }
    ${rest && html`<p class="small">${rest}</p>`}`
}

/** The whole card is the link. A long host is cut at its end: the link says where it leads, too. */
function appCard(app: StartApp): Html {
  const host = URL.parse(app.startUrl)?.host
  return html`<li>
    <a href="${app.startUrl}"
      >${appIcon(app, 'large')}<span
        ><strong>${isolated(app.name)}</strong> <span class="small one-line" title="${host}">${host}</span></span
      ></a
    >
  </li>`
}
