import { requireStillAuthorized } from '#domain/authorization/authorization.service.ts'
import type { App } from '#foundation/web/http/app.ts'
import { decodeCursor, encodeCursor } from '#foundation/web/http/pagination.ts'
import type { Static } from '#foundation/web/http/type.ts'
import {
  PlanQuery,
  PlanView,
  PolicyParameters,
  presentPlan,
  proposalIn,
  ProposedPolicy,
  UserPosition,
} from './plan.schema.ts'
import {
  conflictOf,
  FIRST_PAGE,
  pagePlan,
  type Plan,
  type PlanDeps,
  proposedPlan,
  type StoppedSlice,
  storedPlan,
  summarizePlan,
} from './plan.service.ts'

/** The answers name users. The numbers alone are in the progress. */
const ACCESS = { access: 'policy:write', besides: 'users:read' } as const

/** Plans: the users that a policy stops, of a stored policy or of terms that are only proposed. */
export function planRoutes(app: App): void {
  app.post(
    '/policies/plan',
    {
      config: ACCESS,
      schema: {
        operationId: 'planPolicy',
        summary: 'Whom a proposed policy would stop',
        description: 'Changes nothing. Exemptions from a stored policy for the same users count.',
        querystring: PlanQuery,
        body: ProposedPolicy,
        response: { 200: PlanView },
      },
    },
    async ({ ctx, body, query }) => {
      const slice = sliceIn(query)
      // The right to it may have ended while the terms were sent (TOCTOU).
      await requireStillAuthorized(ctx)
      return answerPlan(ctx, await proposedPlan(ctx, proposalIn(body, ctx.now)), slice)
    },
  )

  app.get(
    '/policies/:id/plan',
    {
      config: { ...ACCESS, refusals: ['policy.not_found'] },
      schema: {
        operationId: 'readPolicyPlan',
        summary: 'Whom a policy stops',
        description: 'The next version at its deadline, or the version in force.',
        params: PolicyParameters,
        querystring: PlanQuery,
        response: { 200: PlanView },
      },
    },
    async ({ ctx, params, query }) => {
      const slice = sliceIn(query)
      return answerPlan(ctx, await storedPlan(ctx, params.id), slice)
    },
  )
}

/** The page that a query asks for. Throws `request.validation_failed`. */
function sliceIn({ limit = 50, cursor, state, permissions }: Static<typeof PlanQuery>): StoppedSlice {
  const after = cursor === undefined ? FIRST_PAGE : decodeCursor(UserPosition, cursor)
  return { after, limit, state, hasPermissions: permissions && permissions === 'with' }
}

async function answerPlan(ctx: PlanDeps, plan: Plan, slice: StoppedSlice): Promise<Static<typeof PlanView>> {
  const { items, next } = await pagePlan(ctx, plan, slice)
  const conflict = await conflictOf(ctx, plan)
  const page = { items, cursor: next === null ? null : encodeCursor(next), conflict, now: ctx.now }
  return presentPlan(plan, await summarizePlan(ctx, plan), page)
}
