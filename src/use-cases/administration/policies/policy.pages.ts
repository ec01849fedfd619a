// The page of one policy: what it says now and next, and its versions.
import type { FastifyReply } from 'fastify'

import type { StoredVersion } from '#domain/policies/store/stored-policy.service.ts'
import { currentVersions, versionState } from '#domain/policies/store/version-state.ts'
import { apiEquivalent } from '#foundation/web/components/api-equivalent.ts'
import { linkButton } from '#foundation/web/components/button.ts'
import { rowMenu } from '#foundation/web/components/menu.ts'
import { deadline } from '#foundation/web/components/moments.ts'
import { name, withNames } from '#foundation/web/components/person-name.ts'
import { factList, section } from '#foundation/web/components/section.ts'
import { dataTable } from '#foundation/web/components/table.ts'
import { type Html, html } from '#foundation/web/html.ts'
import type { App } from '#foundation/web/http/app.ts'
import { flashSentence, readFlash } from '#foundation/web/pages/flash.ts'
import { sendPage } from '#foundation/web/pages/page.ts'
import { type AdminReader, adminReader } from '../access/user-reader.pages.ts'
import { rolloutSection } from '../policy-rollout/plan-sections.pages.ts'
import { PolicyParameters } from '../policy-rollout/plan.schema.ts'
import { POLICIES_PATH, policyPath } from '../policy-rollout/policy-path.ts'
import { type NamedPolicy, readPolicy } from './named-policy.service.ts'
import { policyStanding, scopeInWords, versionSays, versionStateChip } from './policy-words.pages.ts'

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
  return sendPage(reply, {
    title: [policy.name, say.policies.title],
    heading: name(policy.name),
    done: flashSentence(say.policies.one.done, readFlash(reply)),
    up: { href: POLICIES_PATH, label: say.policies.title },
    beside: policyActions(reader, policy),
    standing: html`${policyStanding(reader, policy).map((one) => html`${one} `)}`,
    body: html`${requirementsSection(reader, policy)} ${await rolloutSection(ctx, reader, policy)}
    ${historySection(reader, policy)}`,
    api: apiEquivalent(say, ctx.config, { method: 'GET', path: `/policies/${id}` }),
  })
}

/** Edit, and the rest in a menu: what was in force is ended, and what never was is deleted. */
function policyActions({ say, now }: AdminReader, policy: NamedPolicy): Html {
  const { one } = say.policies
  const { planned } = currentVersions(policy, now)
  const wasInForce = policy.versions.some(({ inForceFrom, cancelledAt }) => inForceFrom <= now && cancelledAt === null)
  const entry = (below: string, label: string, kind?: 'danger'): Html =>
    html`<a ${kind && html`class="${kind}"`} href="${policyPath(policy.id, below)}">${label}</a>`
  return html`<div class="acts">
    ${linkButton(policyPath(policy.id, '/change'), one.change)}
    ${rowMenu({
      label: withNames(one.actions, policy.name),
      entries: [
        entry('/rename', one.rename),
        ...planned.map(({ version }) => entry(`/versions/${version}/cancel`, one.unplan)),
        wasInForce ? entry('/end', one.end, 'danger') : entry('/delete', one.delete, 'danger'),
      ],
    })}
  </div>`
}

/** Its scope, what it requires now, and what from when on. */
function requirementsSection(reader: AdminReader, policy: NamedPolicy): Html {
  const { say, now } = reader
  const { policies: words } = say
  const { inForce, planned } = currentVersions(policy, now)
  return section({
    id: 'now',
    title: words.one.says,
    body: factList([
      [words.one.scope, name(scopeInWords(say, policy))],
      [words.one.now, inForce === undefined ? words.one.nothing : versionSays(say, inForce)],
      ...(inForce === undefined ? [] : [[words.one.since, deadline(reader, inForce.inForceFrom)] as const]),
      ...planned.map(
        (version) =>
          [
            words.one.next,
            html`<p class="small due">${words.one.from} ${deadline(reader, version.inForceFrom)}</p>
              ${versionSays(say, version)}`,
          ] as const,
      ),
    ]),
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
    body: html`<details class="tab">
      <summary>${one.showHistory(versions.length)}</summary>
      ${dataTable({
        kind: 'compact',
        caption: one.historyCaption,
        columns: [one.version, one.state, one.says, one.from, one.by].map((label) => ({ label })),
        rows: versions.toReversed().map((version) => ({
          cells: [
            String(version.version),
            versionStateChip(say, versionState(version, versions, now)),
            versionSays(say, version),
            deadline(reader, version.inForceFrom),
            makerOf(version),
          ],
        })),
        empty: html``,
      })}
    </details>`,
  })
}
