import { ApprovalView } from '#domain/approvals/approval.schema.ts'
import { LiftedBy, presentReport, ReportedEvent, UnchangedFactors } from '#domain/notices/notice.schema.ts'
import { sendUser, UserView } from '#domain/users/user.schema.ts'
import type { App } from '#foundation/web/http/app.ts'
import { named } from '#foundation/web/http/schema.ts'
import { Type } from '#foundation/web/http/type.ts'
import { UserParameters } from '../users/users.schema.ts'
import { liftReview, readUserReview } from './user-review.service.ts'

const UserReview = named(
  'UserReview',
  Type.Object(
    {
      required: Type.Boolean(),
      lifted_by: Type.Optional(LiftedBy),
      unchanged_factors: Type.Optional(UnchangedFactors),
      reported: Type.Array(ReportedEvent),
    },
    { description: 'Whether the account must be reviewed before its next session, and why.' },
  ),
)

export function userReviewRoutes(app: App): void {
  app.get(
    '/users/:id/review',
    {
      config: { access: 'users:read', refusals: ['user.not_found'] },
      schema: {
        operationId: 'getReview',
        summary: 'Whether a user must review the account',
        description: 'Because a notice was answered with “This wasn’t me”.',
        params: UserParameters,
        response: { 200: UserReview },
      },
    },
    async (request) => {
      const review = await readUserReview(request.ctx, request.params)
      const reported = review?.reports.map(presentReport) ?? []
      const ending = review && { lifted_by: review.by, unchanged_factors: [...review.unchanged] }
      return { required: review !== undefined, reported, ...ending }
    },
  )

  app.post(
    '/users/:id/review/lift',
    {
      config: {
        access: 'users:write',
        authentication: 'recent',
        refusals: ['role.beyond_own', 'user.not_found', 'user.own_account', 'account.no_review', 'approval.waiting'],
      },
      schema: {
        operationId: 'liftReview',
        summary: 'Lift the review of a user',
        description: 'The next sign-in starts a session again. First make sure that it is really this person.',
        params: UserParameters,
        response: { 200: UserView, 202: ApprovalView },
      },
    },
    async (request, reply) => sendUser(reply, await liftReview(request.ctx, request.params)),
  )
}
