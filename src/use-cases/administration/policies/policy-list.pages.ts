// The page that lists policies, and what the configuration requires of everyone.
import type { FastifyReply } from 'fastify'

import { type ConfiguredPolicy, LOCKABLE_TERMS } from '#domain/policies/policy.ts'
import { currentVersions } from '#domain/policies/store/version-state.ts'
import { apiEquivalent } from '#foundation/web/components/api-equivalent.ts'
import { primaryLink } from '#foundation/web/components/button.ts'
import { emptyState } from '#foundation/web/components/empty-state.ts'
import { withIcon } from '#foundation/web/components/icon.ts'
import type { NavigationEntry } from '#foundation/web/components/navigation-entries.ts'
import { name } from '#foundation/web/components/person-name.ts'
import { rowList, section } from '#foundation/web/components/section.ts'
import { BLANK, dataTable, type Row } from '#foundation/web/components/table.ts'
import { type Html, html } from '#foundation/web/html.ts'
import type { App } from '#foundation/web/http/app.ts'
import { flashSentence, readFlash } from '#foundation/web/pages/flash.ts'
import { sendPage } from '#foundation/web/pages/page.ts'
import { type AdminReader, adminReader } from '../access/user-reader.pages.ts'
import { POLICIES_PATH, policyPath } from '../policy-rollout/policy-path.ts'
import { listPolicies, type NamedPolicy, readConfiguredPolicy } from './named-policy.service.ts'
import { configuredSentence, policyStanding, scopeInWords, versionSays } from './policy-words.pages.ts'

const config = { access: 'policy:write', page: true, undocumented: true } as const
const navigation: NavigationEntry = {
  area: 'admin',
  group: 'access',
  order: 50,
  label: (say) => say.policies.title,
  drawing: 'policy',
  key: 'p',
  finds: '/policies',
}

export function policyListPages(app: App): void {
  app.get(POLICIES_PATH, { config: { ...config, compressible: true, navigation } }, (_request, reply) =>
    showPolicies(reply),
  )
}

async function showPolicies(reply: FastifyReply): Promise<FastifyReply> {
  const { ctx } = reply.request
  const reader = adminReader(reply)
  const { say } = reader
  const { policies: words } = say
  const found = await listPolicies(ctx)
  const add = primaryLink(`${POLICIES_PATH}/new`, withIcon('plus', words.new))
  return sendPage(reply, {
    title: words.title,
    done: flashSentence(words.one.done, readFlash(reply)),
    // An empty list has the button inside.
    ...(found.length > 0 && { beside: add }),
    body: html`<p class="lead">${words.lead}</p>
      ${dataTable({
        kind: 'policies',
        caption: words.caption,
        columns: [words.columns.name, words.columns.says, words.one.state].map((label) => ({ label })),
        rows: found.map((policy) => policyRow(reader, policy)),
        empty: emptyState({ drawing: 'scroll', ...words.none, action: add }),
      })}
      ${configuredSection(reader, readConfiguredPolicy(ctx), found)}`,
    api: apiEquivalent(say, ctx.config, { method: 'GET', path: '/policies' }),
  })
}

function policyRow(reader: AdminReader, policy: NamedPolicy): Row {
  const { say, now } = reader
  const { inForce, planned } = currentVersions(policy, now)
  const shown = inForce ?? planned[0]
  return {
    cells: [
      html`<a href="${policyPath(policy.id)}">${name(policy.name)}</a>
        <div class="small">${name(scopeInWords(say, policy))}</div>`,
      shown === undefined ? BLANK : versionSays(say, shown),
      html`<div class="chips">${policyStanding(reader, policy).map((one) => html`${one} `)}</div>`,
    ],
  }
}

function configuredSection(
  { say, now }: AdminReader,
  configured: ConfiguredPolicy,
  policies: readonly NamedPolicy[],
): Html {
  const { configured: words } = say.policies
  const everyone = policies.find(({ scope }) => scope === 'everyone')
  const terms = everyone && currentVersions(everyone, now).inForce?.terms
  const rows = LOCKABLE_TERMS.map((term) => {
    const standing = (terms?.[term] ?? null) === null ? words.standard : words.replaced
    const origin = configured.locked.includes(term) ? words.set : standing
    return { name: configuredSentence(say, configured, term), action: html`<span class="small">${origin}</span>` }
  })
  return section({ id: 'configuration', title: words.title, lead: words.lead, body: rowList(rows, 'tight') })
}
