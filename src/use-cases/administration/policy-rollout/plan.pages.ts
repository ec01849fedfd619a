import type { FastifyReply, FastifyRequest } from 'fastify'

import { readStoredPolicy } from '#domain/policies/store/policy-changes.service.ts'
import { apiEquivalent } from '#foundation/web/components/api-equivalent.ts'
import { filterLinks, pager } from '#foundation/web/components/list-navigation.ts'
import { exactTime } from '#foundation/web/components/moments.ts'
import { name, withMarkup } from '#foundation/web/components/person-name.ts'
import { section } from '#foundation/web/components/section.ts'
import { banner } from '#foundation/web/components/status.ts'
import { html } from '#foundation/web/html.ts'
import type { App } from '#foundation/web/http/app.ts'
import { decodeCursor, encodeCursor } from '#foundation/web/http/pagination.ts'
import { fieldIn } from '#foundation/web/http/redirect.ts'
import { sendPage } from '#foundation/web/pages/page.ts'
import { adminReader } from '../access/user-reader.pages.ts'
import { conflictInWords, planNotes, planTable, readyBar } from './plan-sections.pages.ts'
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
  const isFiltered = state !== undefined || permissions !== undefined
  const href = (shown: { readonly [key in keyof typeof filters]?: string | undefined }, position?: number): string =>
    pathWith(id, { ...shown, cursor: position === undefined ? undefined : encodeCursor(position) })
  const all = [
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
  ]
  // A filter that finds no one, or all, is no choice.
  const chosen = all.filter(({ count, current }, at) => current || at === 0 || (count > 0 && count < countIn(summary)))
  return sendPage(reply, {
    title: [words.title, policy.name],
    up: { href: policyPath(id), label: name(policy.name) },
    notice: conflict === null ? undefined : banner('warn', conflictInWords(say, conflict)),
    api: apiEquivalent(say, ctx.config, { method: 'GET', path: `/policies/${encodeURIComponent(id)}/plan` }),
    body: html`<p class="lead">
        ${deadline === null ? words.lead : withMarkup(words.leadOfDeadline, exactTime(reader, deadline))}
      </p>
      ${section({
        id: 'users',
        title: say.users.title,
        body: html`${readyBar(say, summary)} ${chosen.length > 1 && filterLinks(words.show, chosen)}
        ${planTable(say, items, id)}
        ${pager(say, {
          previous: after === FIRST_PAGE ? undefined : href(filters),
          next: next === null ? undefined : href(filters, next),
        })}
        ${(items.length > 0 || !isFiltered) && planNotes(say, plan, summary, { ofPart: isFiltered })}`,
      })}`,
  })
}

function pathWith(id: string, query: Readonly<Record<string, string | undefined>>): string {
  const given = Object.entries(query).filter((entry): entry is [string, string] => entry[1] !== undefined)
  const text = new URLSearchParams(given).toString()
  return policyPath(id, text === '' ? '/plan' : `/plan?${text}`)
}
