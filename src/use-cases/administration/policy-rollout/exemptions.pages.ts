import type { FastifyReply, FastifyRequest } from 'fastify'

import { readStoredPolicy } from '#domain/policies/store/policy-changes.service.ts'
import { findUserSummaries } from '#domain/users/user-summary.service.ts'
import { withoutTurns } from '#foundation/kernel/given-name.ts'
import { apiEquivalent } from '#foundation/web/components/api-equivalent.ts'
import {
  buttonRow,
  confirmDangerButton,
  linkButton,
  primaryLink,
  quietLink,
} from '#foundation/web/components/button.ts'
import { emptyState } from '#foundation/web/components/empty-state.ts'
import { withIcon } from '#foundation/web/components/icon.ts'
import { pager } from '#foundation/web/components/list-navigation.ts'
import { deadline } from '#foundation/web/components/moments.ts'
import { name, withNames } from '#foundation/web/components/person-name.ts'
import { panel } from '#foundation/web/components/section.ts'
import { dataTable, type Row, screenReaderColumn } from '#foundation/web/components/table.ts'
import { html } from '#foundation/web/html.ts'
import type { App } from '#foundation/web/http/app.ts'
import { decodeCursor, encodeCursor } from '#foundation/web/http/pagination.ts'
import { fieldIn } from '#foundation/web/http/redirect.ts'
import { Type } from '#foundation/web/http/type.ts'
import { flashSentence, readFlash } from '#foundation/web/pages/flash.ts'
import { answerOf } from '#foundation/web/pages/form.ts'
import { redirectWithFlash, sendPage } from '#foundation/web/pages/page.ts'
import type { UserRef } from '../access/access.service.ts'
import { userFaceWithLine } from '../access/face.pages.ts'
import { type AdminReader, adminReader, refIn } from '../access/user-reader.pages.ts'
import { type ExemptUser, pageExempt, readExemption, unexemptUser } from './exemptions.service.ts'
import { PolicyParameters, UserPosition } from './plan.schema.ts'
import { FIRST_PAGE } from './plan.service.ts'
import { policyPath } from './policy-path.ts'

const PATH = '/admin/policies/:id/exemptions'
const PAGE_SIZE = 50

const read = { access: 'policy:write', besides: 'users:read', page: true, undocumented: true } as const
const write = { ...read, authentication: 'recent' } as const
/** The user's id is kept as text, so that a malformed one answers 404 like an unknown one. */
const ExemptionPageParameters = Type.Object({ id: Type.String({ maxLength: 64 }), user_id: Type.String() })

/** The pages that list who is exempt from a policy, and end an exemption. */
export function exemptionsPages(app: App): void {
  app.get(PATH, { config: read, schema: { params: PolicyParameters } }, (request, reply) =>
    showExemptions(request, reply, request.params.id),
  )

  const schema = { params: ExemptionPageParameters }
  app.get(`${PATH}/:user_id/end`, { config: write, schema }, ({ params }, reply) =>
    askToEnd(reply, params.id, refIn({ id: params.user_id })),
  )

  app.post(`${PATH}/:user_id/end`, { config: write, schema }, async ({ ctx, params }, reply) => {
    const { refusal } = await answerOf(unexemptUser(ctx, params.id, refIn({ id: params.user_id })))
    // Another admin, or a second click, was first.
    if (refusal !== undefined && refusal.code !== 'policy.exemption_not_found') throw refusal
    return redirectWithFlash(reply, policyPath(params.id, '/exemptions?done=unexempted'))
  })
}

async function showExemptions({ ctx, query }: FastifyRequest, reply: FastifyReply, id: string): Promise<FastifyReply> {
  const policy = await readStoredPolicy(ctx, id)
  const cursor = fieldIn(query, 'cursor')
  const after = typeof cursor === 'string' ? decodeCursor(UserPosition, cursor) : FIRST_PAGE
  const { items, next } = await pageExempt(ctx, id, { after, limit: PAGE_SIZE })
  const givers = await findUserSummaries(
    ctx,
    items.map(({ createdBy }) => createdBy),
  )
  const reader = adminReader(reply)
  const { say } = reader
  const { exemptions: words } = say.rollout
  const path = policyPath(id, '/exemptions')
  const add = primaryLink(`${path}/new`, withIcon('plus', words.add))
  return sendPage(reply, {
    title: [words.title, policy.name],
    up: { href: policyPath(id), label: name(policy.name) },
    done: flashSentence(words.done, readFlash(reply)),
    api: apiEquivalent(say, ctx.config, { method: 'GET', path: `/policies/${encodeURIComponent(id)}/exemptions` }),
    // An empty list has the button inside.
    ...(items.length > 0 && { beside: add }),
    body: html`<p class="lead">${words.lead}</p>
      ${dataTable({
        kind: 'compact',
        caption: words.caption,
        columns: [
          ...[words.user, words.until, words.untilThen, words.by].map((label) => ({ label })),
          screenReaderColumn(words.end),
        ],
        rows: items.map((item) => exemptionRow(reader, id, item, givers.get(item.createdBy ?? '')?.username)),
        empty: emptyState({ drawing: 'people', title: words.none, text: words.newLead, action: add }),
      })}
      ${pager(say, {
        previous: after === FIRST_PAGE ? undefined : path,
        next: next === null ? undefined : `${path}?cursor=${encodeCursor(next)}`,
      })}`,
  })
}

function exemptionRow(
  reader: AdminReader,
  id: string,
  { user, reason, endsAt, createdBy, byHelp, asked }: ExemptUser,
  giver: string | undefined,
): Row {
  const { exemptions: words } = reader.say.rollout
  const label = html`${words.end}<span class="unseen"> – ${name(user.username)}</span>`
  const byUnknown = createdBy === null ? words.operator : reader.say.events.unnamed
  return {
    cells: [
      userFaceWithLine(user, name(reason), '/requirements'),
      html`${endsAt <= reader.now && `${words.ended} · `}${deadline(reader, endsAt)}`,
      words.asked[asked],
      html`${giver === undefined ? byUnknown : name(giver)}${byHelp && ` · ${words.byHelp}`}`,
      quietLink(policyPath(id, `/exemptions/${user.id}/end`), label),
    ],
  }
}

async function askToEnd(reply: FastifyReply, id: string, ref: UserRef): Promise<FastifyReply> {
  const { policy, user } = await readExemption(reply.request.ctx, id, ref)
  const { say, config, formToken } = adminReader(reply)
  const { exemptions: words } = say.rollout
  return sendPage(reply, {
    title: words.endTitle(withoutTurns(user.username), withoutTurns(policy.name)),
    heading: withNames(words.endTitle, user.username, policy.name),
    api: apiEquivalent(say, config, {
      method: 'DELETE',
      path: `/policies/${encodeURIComponent(id)}/exemptions/${user.id}`,
      needsSession: true,
    }),
    body: panel(
      html`<p class="lead">${words.endLead}</p>
        <form method="post" action="${policyPath(id, `/exemptions/${user.id}/end`)}">
          ${formToken}
          ${buttonRow(confirmDangerButton(words.endSubmit), linkButton(policyPath(id, '/exemptions'), words.cancel))}
        </form>`,
    ),
  })
}
