import type { FastifyReply, FastifyRequest } from 'fastify'

import { readStoredPolicy } from '#domain/policies/store/policy-changes.service.ts'
import { dayAndTime } from '#foundation/texts/day-and-time.ts'
import { apiEquivalent } from '#foundation/web/components/api-equivalent.ts'
import { filterLinks, pager } from '#foundation/web/components/list-navigation.ts'
import { panel } from '#foundation/web/components/section.ts'
import { banner } from '#foundation/web/components/status.ts'
import { html } from '#foundation/web/html.ts'
import type { App } from '#foundation/web/http/app.ts'
import { decodeCursor, encodeCursor } from '#foundation/web/http/pagination.ts'
import { fieldIn } from '#foundation/web/http/redirect.ts'
import { sendPage } from '#foundation/web/pages/page.ts'
import { adminReader } from '../access/user-reader.pages.ts'
import { conflictInWords, planOverview, planTable } from './plan-sections.pages.ts'
import { PERMISSION_FILTERS, PolicyParameters, UserPosition } from './plan.schema.ts'
import { conflictOf, countIn, deadlineOf, FIRST_PAGE, pagePlan, storedPlan, summarizePlan } from './plan.service.ts'
import { STOP_STATES } from './plan.ts'
import { policyPath } from './policy-path.ts'

const PAGE_SIZE = 50

/** The page that lists exactly the users that a policy stops. */
export function planPages(app: App): void {
  const config = { access: 'policy:write', besides: 'users:read', page: true, undocumented: true } as const
  app.get('/admin/policies/:id/plan', { config, schema: { params: PolicyParameters } }, (request, reply) =>
    showPlan(request, reply, request.params.id),
  )
}

async function showPlan({ ctx, query }: FastifyRequest, reply: FastifyReply, id: string): Promise<FastifyReply> {
  const policy = await readStoredPolicy(ctx, id)
  const plan = await storedPlan(ctx, id)
  const summary = await summarizePlan(ctx, plan)
  const state = STOP_STATES.find((one) => one === fieldIn(query, 'state'))
  const permissions = PERMISSION_FILTERS.find((one) => one === fieldIn(query, 'permissions'))
  const cursor = fieldIn(query, 'cursor')
  const after = typeof cursor === 'string' ? decodeCursor(UserPosition, cursor) : FIRST_PAGE
  const { items, next } = await pagePlan(ctx, plan, {
    after,
    limit: PAGE_SIZE,
    state,
    hasPermissions: permissions && permissions === 'with',
  })
  const conflict = await conflictOf(ctx, plan)
  const reader = adminReader(reply)
  const { say } = reader
  const { plan: words, states } = say.rollout
  const deadline = deadlineOf(plan, ctx.now)
  const filters = { state, permissions }
  const href = (shown: { readonly [key in keyof typeof filters]?: string | undefined }, position?: number): string =>
    pathWith(id, { ...shown, cursor: position === undefined ? undefined : encodeCursor(position) })
  return sendPage(reply, {
    title: [words.title, policy.name],
    heading: html`${words.title}: <bdi>${policy.name}</bdi>`,
    notice: conflict === null ? undefined : banner('warn', conflictInWords(say, conflict)),
    api: apiEquivalent(say, ctx.config, { method: 'GET', path: `/policies/${encodeURIComponent(id)}/plan` }),
    body: html`<p class="lead">
        ${deadline === null ? words.lead : words.leadOfDeadline(dayAndTime(reader, deadline))}
      </p>
      ${panel(planOverview(say, plan, summary))}
      ${filterLinks(words.show, [
        { href: href({}), label: words.all, count: countIn(summary), current: !state && !permissions },
        ...STOP_STATES.map((one) => ({
          href: href({ state: one }),
          label: states[one],
          count: countIn(summary, one),
          current: state === one,
        })),
        {
          href: href({ permissions: 'with' }),
          label: words.hasPermissions,
          count: summary.withPermissions,
          current: permissions === 'with',
        },
      ])}
      ${planTable(say, items, id)}
      ${pager(say, {
        previous: after === FIRST_PAGE ? undefined : href(filters),
        next: next === null ? undefined : href(filters, next),
      })}
      <p class="small">${words.statesHint}</p>
      <p><a href="${policyPath(id)}">${words.back}</a></p>`,
  })
}

function pathWith(id: string, query: Readonly<Record<string, string | undefined>>): string {
  const given = Object.entries(query).filter((entry): entry is [string, string] => entry[1] !== undefined)
  const text = new URLSearchParams(given).toString()
  return policyPath(id, text === '' ? '/plan' : `/plan?${text}`)
}
