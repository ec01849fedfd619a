import { ApprovalView } from '#domain/approvals/approval.schema.ts'
import type { App } from '#foundation/web/http/app.ts'
import { instantIn } from '#foundation/web/http/instant.ts'
import { answerPage, decodeCursor } from '#foundation/web/http/pagination.ts'
import { Type } from '#foundation/web/http/type.ts'
import {
  ExemptionPage,
  ExemptionParameters,
  ExemptionQuery,
  ExemptionView,
  NewExemptionForm,
  presentExemption,
} from './exemptions.schema.ts'
import { exemptUser, pageExempt, unexemptUser } from './exemptions.service.ts'
import { PolicyParameters, UserPosition } from './plan.schema.ts'
import { FIRST_PAGE } from './plan.service.ts'

const reads = { access: 'policy:write', besides: 'users:read' } as const
const writes = { ...reads, authentication: 'recent' } as const

/** Exemptions from policies: list, give, end. */
export function exemptionsRoutes(app: App): void {
  app.get(
    '/policies/:id/exemptions',
    {
      config: { ...reads, refusals: ['policy.not_found'] },
      schema: {
        operationId: 'listPolicyExemptions',
        summary: 'Who is exempt from a policy',
        description: 'Ended exemptions too, until they are deleted.',
        params: PolicyParameters,
        querystring: ExemptionQuery,
        response: { 200: ExemptionPage },
      },
    },
    async ({ ctx, params, query }, reply) => {
      const { limit = 50, cursor } = query
      const after = cursor === undefined ? FIRST_PAGE : decodeCursor(UserPosition, cursor)
      return answerPage(reply, await pageExempt(ctx, params.id, { after, limit }), (item) =>
        presentExemption(item, ctx.now),
      )
    },
  )

  app.put(
    '/policies/:id/exemptions/:user_id',
    {
      config: {
        ...writes,
        refusals: [
          'policy.not_found',
          'user.not_found',
          'policy.own_exemption',
          'policy.exemption_useless',
          'approval.waiting',
        ],
      },
      schema: {
        operationId: 'exemptFromPolicy',
        summary: 'Exempt a user from a policy',
        description:
          'In place of an earlier exemption. Until the end, what held before the requirement applies to the user: the last earlier version that asked for less, or the configuration. A user with permissions needs a second step all the same. You cannot exempt yourself.',
        params: ExemptionParameters,
        body: NewExemptionForm,
        response: { 200: ExemptionView, 202: ApprovalView },
      },
    },
    async ({ ctx, params, body }) => {
      const wanted = { reason: body.reason, endsAt: instantIn(body.ends_at, '/ends_at') }
      return presentExemption(await exemptUser(ctx, params.id, { id: params.user_id }, wanted), ctx.now)
    },
  )

  app.delete(
    '/policies/:id/exemptions/:user_id',
    {
      config: {
        ...writes,
        refusals: ['policy.not_found', 'user.not_found', 'policy.exemption_not_found', 'approval.waiting'],
      },
      schema: {
        operationId: 'endPolicyExemption',
        summary: 'End an exemption',
        description: 'From then on the policy applies to the user at every access.',
        params: ExemptionParameters,
        response: { 202: ApprovalView, 204: Type.Null({ description: 'Ended.' }) },
      },
    },
    async ({ ctx, params }) => {
      await unexemptUser(ctx, params.id, { id: params.user_id })
    },
  )
}
