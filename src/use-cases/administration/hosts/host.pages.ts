// The page of one protected host.
import type { FastifyReply, FastifyRequest } from 'fastify'

import type { HostRule } from '#domain/hosts/host.ts'
import { PROXIES, type ProxyName } from '#domain/hosts/snippet.ts'
import { findUserSummaries } from '#domain/users/user-summary.service.ts'
import { apiEquivalent } from '#foundation/web/components/api-equivalent.ts'
import { dangerLink, linkButton } from '#foundation/web/components/button.ts'
import { copyButton } from '#foundation/web/components/copy.ts'
import { withIcon } from '#foundation/web/components/icon.ts'
import { rowMenu } from '#foundation/web/components/menu.ts'
import { exactTime } from '#foundation/web/components/moments.ts'
import { name as isolated } from '#foundation/web/components/person-name.ts'
import { factList, pieces, rowList, section } from '#foundation/web/components/section.ts'
import { type Html, html } from '#foundation/web/html.ts'
import type { App } from '#foundation/web/http/app.ts'
import { flashSentence, readFlash } from '#foundation/web/pages/flash.ts'
import { sendPage } from '#foundation/web/pages/page.ts'
import { userFace } from '../access/face.pages.ts'
import { type AdminReader, adminReader } from '../access/user-reader.pages.ts'
import { hostPath, HOSTS_PATH } from './host-path.ts'
import { withGroupNames } from './host-request.ts'
import { snippetOfHost } from './host-snippet.ts'
import { trialSection } from './host-trial.pages.ts'
import { HostParameters, hostTag } from './hosts.schema.ts'
import { type NamedHost, readNamedHost } from './hosts.service.ts'
import { isForAll, needsOfRule, whereOfRule, whoOfRule } from './rule-words.pages.ts'

type OfHost = FastifyRequest<{ Params: { name: string } }>

/** The form of the buttons in the menus. */
const MOVE_FORM = 'move'

export function hostPages(app: App): void {
  const config = { access: 'apps:write', page: true, undocumented: true } as const
  app.get(`${HOSTS_PATH}/:name`, { config, schema: { params: HostParameters } }, showHost)
}

async function showHost(request: OfHost, reply: FastifyReply): Promise<FastifyReply> {
  const { ctx, params } = request
  const reader = adminReader(reply)
  const { say, config } = reader
  const { hosts: words } = say
  const found = await readNamedHost(ctx, params.name)
  const { host } = found
  return sendPage(reply, {
    title: [host.name, words.title],
    heading: isolated(host.name),
    up: { href: HOSTS_PATH, label: words.title },
    done: flashSentence(words.done, readFlash(reply)),
    modules: ['copy', 'menu'],
    body: html`${rulesSection(reader, found)} ${proxySection(reader, found)}
    ${await trialSection(request, reader, found)} ${await optionsSection(request, reader, found)}
    ${section({
      id: 'danger',
      title: say.apps.danger.title,
      tone: 'danger',
      body: rowList([
        { detail: words.deletion.detail, action: dangerLink(hostPath(host, '/delete'), words.deletion.title) },
      ]),
    })}`,
    api: apiEquivalent(say, config, { method: 'GET', path: `/hosts/${host.name}` }),
  })
}

function rulesSection(reader: AdminReader, { host, groups }: NamedHost): Html {
  const { rules: words, everything, everythingElse, who } = reader.say.hosts
  return section({
    id: 'rules',
    title: words.title,
    lead: host.rules.length > 0 && words.lead,
    action: linkButton(hostPath(host, '/rules/new'), withIcon('plus', words.add)),
    body: html`<form method="post" id="${MOVE_FORM}" hidden>
        ${reader.formToken}<input type="hidden" name="seen" value="${hostTag(host)}" />
      </form>
      <ol class="rows tight">
        ${host.rules.map((rule, at) => ruleRow(reader, host, { rule: withGroupNames(rule, groups), at }))}
        ${
          !host.rules.some(isForAll) &&
          html`<li>
            <div class="about">
              <div class="name"><strong>${host.rules.length > 0 ? everythingElse : everything}</strong></div>
              <div class="small">${who['signed-in']}</div>
            </div>
          </li>`
        }
      </ol>`,
  })
}

interface ShownRule {
  readonly rule: HostRule
  readonly at: number
}

function ruleRow(reader: AdminReader, host: NamedHost['host'], { rule, at }: ShownRule): Html {
  const { say } = reader
  const { rules: words } = say.hosts
  const path = hostPath(host, `/rules/${at + 1}`)
  const named = (label: string): Html => html`${label}<span class="unseen"> – ${words.rule(at + 1)}</span>`
  const move = (direction: 'up' | 'down'): Html =>
    html`<button type="submit" form="${MOVE_FORM}" formaction="${path}/move" name="direction" value="${direction}">
      ${named(words[direction])}
    </button>`
  const needs = needsOfRule(say, rule)
  const menu = rowMenu({
    label: words.rule(at + 1),
    entries: [
      html`<a href="${path}">${named(words.edit)}</a>`,
      html`<a href="${hostPath(host, `/rules/new?at=${at + 1}`)}">${named(words.above)}</a>`,
      ...(at > 0 ? [move('up')] : []),
      ...(at < host.rules.length - 1 ? [move('down')] : []),
      html`<a class="danger" href="${path}/remove">${named(say.hosts.ruleForm.remove)}</a>`,
    ],
  })
  return html`<li>
    <div class="about">
      <div class="name">${at + 1}. <strong>${isolated(whereOfRule(say, rule))}</strong></div>
      <div class="small">${pieces([isolated(whoOfRule(say, rule)), ...(needs === '' ? [] : [needs])])}</div>
    </div>
    <div class="action">${menu}</div>
  </li>`
}

function proxySection({ say, config }: AdminReader, { host }: NamedHost): Html {
  const { settings: words } = say.hosts
  const snippet = (proxy: ProxyName): Html => {
    const id = `for-${proxy}`
    return html`<details>
      <summary>${words[proxy]}</summary>
      <div class="copy">
        ${copyButton(say, id)}
        <pre class="message command" id="${id}" tabindex="0">${snippetOfHost(config, host, proxy)}</pre>
      </div>
    </details>`
  }
  return section({ id: 'proxy', title: words.title, lead: words.lead, body: html`${PROXIES.map(snippet)}` })
}

async function optionsSection(
  { ctx }: Pick<FastifyRequest, 'ctx'>,
  reader: AdminReader,
  { host, groups }: NamedHost,
): Promise<Html> {
  const { say, permissions } = reader
  const { options: words } = say.hosts
  const { apiTokens, preflights, sharedGroups, createdAt, createdBy } = host
  const admins = await findUserSummaries(ctx, permissions.includes('users:read') ? [createdBy] : [])
  const admin = createdBy === null ? undefined : admins.get(createdBy)
  const shared = sharedGroups.flatMap((id) => groups.get(id) ?? []).join(', ')
  return section({
    id: 'options',
    title: words.title,
    action: linkButton(hostPath(host, '/change'), words.change),
    body: factList([
      [words.tokens, apiTokens ? words.tokensOn : words.tokensOff],
      [words.preflights, preflights ? words.preflightsOn : words.preflightsOff],
      [words.shared, shared === '' ? words.sharedNone : isolated(shared)],
      [
        words.added,
        html`${exactTime(reader, createdAt)}
        ${createdBy === null ? words.byOperator : admin && html`${words.by} ${userFace(admin)}`}`,
      ],
    ]),
  })
}
