// The list of protected hosts.
import type { FastifyReply, FastifyRequest } from 'fastify'

import { type HostUse, hostUsesOf } from '#domain/hosts/host-session.service.ts'
import { SIGNED_IN_RULE } from '#domain/hosts/host.ts'
import { apiEquivalent } from '#foundation/web/components/api-equivalent.ts'
import { primaryLink } from '#foundation/web/components/button.ts'
import { emptyState } from '#foundation/web/components/empty-state.ts'
import { withIcon } from '#foundation/web/components/icon.ts'
import { pager, pagesAround } from '#foundation/web/components/list-navigation.ts'
import { moment } from '#foundation/web/components/moments.ts'
import type { NavigationEntry } from '#foundation/web/components/navigation-entries.ts'
import { name as isolated } from '#foundation/web/components/person-name.ts'
import { BLANK, dataTable } from '#foundation/web/components/table.ts'
import { type Html, html } from '#foundation/web/html.ts'
import type { App } from '#foundation/web/http/app.ts'
import { decodeCursor } from '#foundation/web/http/pagination.ts'
import { flashSentence, readFlash } from '#foundation/web/pages/flash.ts'
import { queryText } from '#foundation/web/pages/form.ts'
import { sendPage } from '#foundation/web/pages/page.ts'
import { type AdminReader, adminReader } from '../access/user-reader.pages.ts'
import { hostPath, HOSTS_PATH, NEW_HOST_PATH } from './host-path.ts'
import { withGroupNames } from './host-request.ts'
import { HostPosition } from './hosts.schema.ts'
import { listNamedHosts, type NamedHost } from './hosts.service.ts'
import { isForAll, needsOfRule, whoOfRule } from './rule-words.pages.ts'

const HOSTS_A_PAGE = 50

const navigation: NavigationEntry = {
  area: 'admin',
  group: 'access',
  order: 72,
  label: (say) => say.hosts.title,
  drawing: 'door',
}

export function hostsPages(app: App): void {
  app.get(HOSTS_PATH, { config: { access: 'apps:write', page: true, undocumented: true, navigation } }, showHosts)
}

async function showHosts({ ctx, query }: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const reader = adminReader(reply)
  const { say } = reader
  const { hosts: words } = say
  const cursor = queryText(query, 'cursor')
  const after = cursor === undefined ? undefined : decodeCursor(HostPosition, cursor)
  const { items, next } = await listNamedHosts(ctx, { after, limit: HOSTS_A_PAGE })
  const uses = await hostUsesOf(
    ctx,
    items.map(({ host }) => host),
  )
  const add = primaryLink(NEW_HOST_PATH, withIcon('plus', words.add))
  const { name, who, signedIn, entered } = words.columns
  return sendPage(reply, {
    title: [words.title, say.overview.area],
    done: flashSentence(words.done, readFlash(reply)),
    // An empty list has the button inside.
    ...(items.length > 0 && { beside: add }),
    body: html`${items.length > 0 && html`<p class="lead">${words.lead}</p>`}
    ${dataTable({
      caption: words.table,
      kind: 'compact history',
      columns: [{ label: name }, { label: who, isPlain: true }, { label: signedIn }, { label: entered }],
      rows: items.map((item, at) => ({ cells: hostCells(reader, item, uses[at]) })),
      empty: emptyState({ drawing: 'keys', ...words.none, action: add }),
    })}
    ${pager(say, pagesAround(HOSTS_PATH, { after, next }))}`,
    api: apiEquivalent(say, ctx.config, { method: 'GET', path: '/hosts' }),
  })
}

function hostCells(reader: AdminReader, found: NamedHost, use: HostUse | undefined): (Html | string)[] {
  const { host } = found
  const who = rulesInPhrase(reader, found)
  return [
    html`<div class="who-line">
      <a class="one-line" href="${hostPath(host)}" title="${host.name}">${isolated(host.name)}</a>
    </div>`,
    isolated(who),
    use === undefined || use.living === 0 ? BLANK : use.living.toLocaleString(reader.say.language),
    use === undefined || use.lastEnteredAt === null ? BLANK : moment(reader, use.lastEnteredAt),
  ]
}

/** Who may enter, in one phrase: the rule for everything, and for how much of it there are others. */
function rulesInPhrase({ say }: AdminReader, { host, groups }: NamedHost): string {
  const at = host.rules.findIndex(isForAll)
  const others = at === -1 ? host.rules.length : at
  const rule = withGroupNames(host.rules[at] ?? SIGNED_IN_RULE, groups)
  const who = [whoOfRule(say, rule), needsOfRule(say, rule)].filter(Boolean).join(', ')
  return others === 0 ? who : say.hosts.withExceptions(who, others)
}
