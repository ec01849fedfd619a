// The page of one policy: what it says now and next, and its versions.
import type { FastifyReply } from 'fastify'

import type { ConfiguredPolicy } from '#domain/policies/policy.ts'
import type { StoredVersion } from '#domain/policies/store/stored-policy.service.ts'
import { currentVersions, versionState } from '#domain/policies/store/version-state.ts'
import { apiEquivalent } from '#foundation/web/components/api-equivalent.ts'
import { dangerLink, linkButton } from '#foundation/web/components/button.ts'
import { deadline, moment } from '#foundation/web/components/moments.ts'
import { name } from '#foundation/web/components/person-name.ts'
import { factList, section } from '#foundation/web/components/section.ts'
import { dataTable } from '#foundation/web/components/table.ts'
import { type Html, html } from '#foundation/web/html.ts'
import type { App } from '#foundation/web/http/app.ts'
import { flashSentence, readFlash } from '#foundation/web/pages/flash.ts'
import { sendPage } from '#foundation/web/pages/page.ts'
import { type AdminReader, adminReader } from '../access/user-reader.pages.ts'
import { rolloutSections } from '../policy-rollout/plan-sections.pages.ts'
import { PolicyParameters } from '../policy-rollout/plan.schema.ts'
import { POLICIES_PATH, policyPath } from '../policy-rollout/policy-path.ts'
import { type NamedPolicy, readConfiguredPolicy, readPolicy } from './named-policy.service.ts'
import { endInWords, scopeInWords, versionSays, versionStateChip } from './policy-words.pages.ts'

const config = { access: 'policy:write', page: true, undocumented: true } as const
const schema = { params: PolicyParameters }

export function policyPages(app: App): void {
  app.get(`${POLICIES_PATH}/:id`, { config: { ...config, compressible: true }, schema }, ({ params }, reply) =>
    showPolicy(reply, params.id),
  )
}

async function showPolicy(reply: FastifyReply, id: string): Promise<FastifyReply> {
  const { ctx } = reply.request
  const policy = await readPolicy(ctx, id)
  const reader = adminReader(reply)
  const { say } = reader
  const { planned } = currentVersions(policy, ctx.now)
  return sendPage(reply, {
    title: [policy.name, say.policies.title],
    heading: name(policy.name),
    done: flashSentence(say.policies.one.done, readFlash(reply)),
    body: html`${presentSection(reader, policy)} ${planned.map((version) => plannedSection(reader, policy, version))}
      ${await rolloutSections(ctx, reader, id)} ${historySection(reader, policy)}
      ${endSection(reader, policy, readConfiguredPolicy(ctx))}
      <p>${linkButton(POLICIES_PATH, say.policies.back)}</p>`,
    api: apiEquivalent(say, ctx.config, { method: 'GET', path: `/policies/${id}` }),
  })
}

function presentSection(reader: AdminReader, policy: NamedPolicy): Html {
  const { say, now } = reader
  const { policies: words } = say
  const { inForce } = currentVersions(policy, now)
  return section({
    id: 'now',
    title: words.one.now,
    action: html`${linkButton(policyPath(policy.id, '/change'), words.one.change)}
    ${linkButton(policyPath(policy.id, '/rename'), words.one.rename)}`,
    body: html`${inForce === undefined ? html`<p>${words.notInForce}</p>` : html`<div>${versionSays(say, inForce)}</div>`}
    ${factList([
      [words.one.scope, name(scopeInWords(say, policy))],
      ...(inForce === undefined ? [] : [[words.one.since, moment(reader, inForce.inForceFrom)] as const]),
    ])}`,
  })
}

function plannedSection(reader: AdminReader, { id }: NamedPolicy, version: StoredVersion): Html {
  const { say } = reader
  const { one } = say.policies
  return section({
    id: `version-${version.version}`,
    title: one.planned,
    action: linkButton(policyPath(id, `/versions/${version.version}/cancel`), one.unplan),
    body: html`<div>${versionSays(say, version)}</div>
      ${factList([[one.from, deadline(reader, version.inForceFrom)]])}`,
  })
}

function historySection(reader: AdminReader, { versions, makers }: NamedPolicy): Html {
  const { say, now, permissions } = reader
  const { one } = say.policies
  const makerOf = ({ createdBy }: StoredVersion): Html => {
    if (createdBy === null) return html`${one.operator}`
    if (!permissions.includes('users:read')) return html`–`
    const username = makers.get(createdBy)
    return username === undefined ? html`${one.deletedUser}` : name(username)
  }
  return section({
    id: 'versions',
    title: one.history,
    body: dataTable({
      kind: 'compact',
      caption: one.historyCaption,
      columns: [one.version, one.state, one.says, one.from, one.by].map((label) => ({ label })),
      rows: versions.toReversed().map((version) => ({
        cells: [
          String(version.version),
          versionStateChip(say, versionState(version, versions, now)),
          versionSays(say, version),
          moment(reader, version.inForceFrom),
          makerOf(version),
        ],
      })),
      empty: html``,
    }),
  })
}

function endSection({ say, now }: AdminReader, policy: NamedPolicy, configured: ConfiguredPolicy): Html {
  const { one } = say.policies
  const wasInForce = policy.versions.some(({ inForceFrom, cancelledAt }) => inForceFrom <= now && cancelledAt === null)
  const [path, title, lead] = wasInForce
    ? ([policyPath(policy.id, '/end'), one.end, endInWords(say, policy, configured)] as const)
    : ([policyPath(policy.id, '/delete'), one.delete, one.deleteLead] as const)
  return section({ id: 'end', title, lead, tone: 'danger', body: html`<p>${dangerLink(path, title)}</p>` })
}
