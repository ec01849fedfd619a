import type { FastifyReply } from 'fastify'

import { GroupParameters } from '#domain/groups/group.schema.ts'
import { countMembers, readGroup } from '#domain/groups/group.service.ts'
import type { Group } from '#domain/groups/group.ts'
import { policiesNaming } from '#domain/policies/store/named-scope.service.ts'
import type { Refusal } from '#foundation/kernel/refusal.ts'
import { refusalSentence } from '#foundation/texts/texts.ts'
import { apiEquivalent } from '#foundation/web/components/api-equivalent.ts'
import { buttonRow, confirmDangerButton, linkButton } from '#foundation/web/components/button.ts'
import { name as isolated, withNames } from '#foundation/web/components/person-name.ts'
import { lineList, panel } from '#foundation/web/components/section.ts'
import { banner } from '#foundation/web/components/status.ts'
import { html } from '#foundation/web/html.ts'
import type { App } from '#foundation/web/http/app.ts'
import { answerOf } from '#foundation/web/pages/form.ts'
import { redirectWithFlash, sendPage } from '#foundation/web/pages/page.ts'
import { adminReader } from '../access/user-reader.pages.ts'
import { POLICIES_PATH } from '../policy-rollout/policy-path.ts'
import { groupPath, GROUPS_PATH } from './group-path.ts'
import { deleteGroup } from './groups.service.ts'

const PATH = `${GROUPS_PATH}/:id/delete`
const config = { access: 'groups:write', besides: 'users:read', page: true, undocumented: true } as const
const schema = { params: GroupParameters }

/** Deletes a group after a question that says what it means. */
export function groupDeletionPages(app: App): void {
  app.get(PATH, { config, schema }, async ({ ctx, params }, reply) =>
    askToDelete(reply, await readGroup(ctx, params.id)),
  )

  app.post(PATH, { config, schema }, async ({ ctx, params }, reply) => {
    const { refusal } = await answerOf(deleteGroup(ctx, params.id))
    // A repeated submission finds the group deleted, which is a success.
    if (refusal && refusal.code !== 'group.not_found')
      return askToDelete(reply, await readGroup(ctx, params.id), refusal)
    return redirectWithFlash(reply, `${GROUPS_PATH}?done=deleted`)
  })
}

async function askToDelete(reply: FastifyReply, group: Group, refusal?: Refusal): Promise<FastifyReply> {
  const { ctx } = reply.request
  const { say, formToken, permissions } = adminReader(reply)
  const { deletion, title } = say.groups
  const policies = await policiesNaming(ctx, 'group', group.id)
  const isNamed = policies.length > 0
  const count = await countMembers(ctx, group.id)
  const form = html`<form method="post" action="${groupPath(group, '/delete')}">
    ${formToken} ${buttonRow(confirmDangerButton(deletion.submit), linkButton(groupPath(group), deletion.cancel))}
  </form>`
  return sendPage(reply, {
    title: [deletion.title, group.name, title],
    heading: withNames(isNamed ? deletion.impossible : deletion.question, group.name),
    ...(isNamed && { up: { href: groupPath(group), label: isolated(group.name) } }),
    notice: refusal && banner('warn', refusalSentence(say, refusal)),
    refusal,
    body: isNamed
      ? panel(
          html`<p>${deletion.named}</p>
            ${lineList(policies.map(isolated))}
            ${permissions.includes('policy:write') && buttonRow(linkButton(POLICIES_PATH, deletion.showPolicies))}`,
        )
      : panel(html`${lineList(deletion.consequences(count))} ${form}`),
    api: apiEquivalent(say, ctx.config, { method: 'DELETE', path: `/groups/${group.id}` }),
  })
}
