import { ApprovalList, ApprovalReference, ApprovalView, presentApproval } from '#domain/approvals/approval.schema.ts'
import { listApprovals, nameApprovals, readApproval } from '#domain/approvals/approval.service.ts'
import { presentUser, UserView } from '#domain/users/user.schema.ts'
import type { With } from '#foundation/context.ts'
import type { App } from '#foundation/web/http/app.ts'
import { choice, named, nullable } from '#foundation/web/http/schema.ts'
import { type Static, Type } from '#foundation/web/http/type.ts'
import { EnrolmentLinkView, presentEnrolmentLink } from '../credentials/credentials.schema.ts'
import { InvitationView, presentInvitation, presentMailed } from '../invitations/invitation.schema.ts'
import {
  approveRequest,
  carryOutReady,
  declineRequest,
  readShownApproval,
  withdrawRequest,
} from './approval-decision.service.ts'
import type { CarriedOut } from './carry-out.service.ts'

const tags = ['Approvals']
const schema = { tags, params: ApprovalReference }

const CarriedOutView = named(
  'CarriedOut',
  Type.Object(
    {
      approval: ApprovalView,
      user: nullable(UserView),
      invitation: nullable(InvitationView),
      enrolment: nullable(EnrolmentLinkView),
    },
    {
      description:
        'The request, the user as changed, and the invitation or enrolment link if there is one; a link that was not emailed is shown only now.',
    },
  ),
)

/** Routes by which admins read and decide requests of the two-person rule. */
export function approvalsRoutes(app: App): void {
  app.get(
    '/approvals',
    {
      config: { access: 'server:read', besides: 'users:read' },
      schema: {
        operationId: 'listApprovals',
        tags,
        summary: 'List requests for a second admin',
        description:
          'Those that wait, the oldest first; with `state=ended` the past ones, the newest first. 200 at most.',
        querystring: Type.Object(
          { state: Type.Optional(choice(['waiting', 'ended'], { default: 'waiting' })) },
          { additionalProperties: false },
        ),
        response: { 200: ApprovalList },
      },
    },
    async ({ ctx, query }) => {
      const found = await nameApprovals(ctx, await listApprovals(ctx, query.state ?? 'waiting'))
      return { items: found.map((one) => presentApproval(one, ctx.now)) }
    },
  )

  app.get(
    '/approvals/:id',
    {
      config: { access: 'users:read', refusals: ['approval.not_found'] },
      schema: {
        ...schema,
        operationId: 'getApproval',
        summary: 'Read a request',
        description: 'Without `server:read`, only one that you made.',
        response: { 200: ApprovalView },
      },
    },
    async ({ ctx, params }) => {
      await readShownApproval(ctx, params.id)
      return presentById(ctx, params.id)
    },
  )

  decisionRoutes(app)
}

const decider = { access: 'users:write', authentication: 'recent' } as const

function decisionRoutes(app: App): void {
  app.post(
    '/approvals/:id/approve',
    {
      config: {
        ...decider,
        refusals: [
          'approval.not_found',
          'approval.ended',
          'approval.own_request',
          'approval.about_you',
          'approval.lapsed',
          'role.beyond_own',
          'help.mail_limit',
        ],
      },
      schema: {
        ...schema,
        operationId: 'approveRequest',
        summary: 'Approve a request',
        description: 'Carries it out at once, in the name of the admin who asked. Nobody approves their own request.',
        response: { 200: CarriedOutView },
      },
    },
    async ({ ctx, params: { id } }) => presentCarriedOut(ctx, id, await approveRequest(ctx, id)),
  )

  app.post(
    '/approvals/:id/carry-out',
    {
      config: {
        ...decider,
        refusals: [
          'approval.not_found',
          'approval.ended',
          'approval.not_due',
          'approval.about_you',
          'approval.lapsed',
          'role.beyond_own',
          'help.mail_limit',
        ],
      },
      schema: {
        ...schema,
        operationId: 'carryOutRequest',
        summary: 'Carry out a request whose waiting time is over',
        description:
          'A job does this within ten minutes, except for changes that show an invitation link: these wait for the admin who takes it.',
        response: { 200: CarriedOutView },
      },
    },
    async ({ ctx, params: { id } }) => presentCarriedOut(ctx, id, await carryOutReady(ctx, id)),
  )

  app.post(
    '/approvals/:id/decline',
    {
      config: {
        ...decider,
        refusals: [
          'approval.not_found',
          'approval.ended',
          'approval.own_request',
          'approval.about_you',
          'role.beyond_own',
        ],
      },
      schema: {
        ...schema,
        operationId: 'declineRequest',
        summary: 'Decline a request',
        response: { 200: ApprovalView },
      },
    },
    async ({ ctx, params: { id } }) => {
      await declineRequest(ctx, id)
      return presentById(ctx, id)
    },
  )

  app.post(
    '/approvals/:id/withdraw',
    {
      // By who asked, whatever they may do by now.
      config: {
        ...decider,
        access: 'signed-in',
        refusals: ['approval.not_found', 'approval.ended', 'approval.not_yours'],
      },
      schema: {
        ...schema,
        operationId: 'withdrawRequest',
        summary: 'Withdraw your own request',
        response: { 200: ApprovalView },
      },
    },
    async ({ ctx, params: { id } }) => {
      await withdrawRequest(ctx, id)
      return presentById(ctx, id)
    },
  )
}

async function presentById(ctx: With<'db' | 'now'>, id: string): Promise<Static<typeof ApprovalView>> {
  const approval = await readApproval(ctx, id)
  const [named] = await nameApprovals(ctx, [approval])
  return presentApproval(named ?? { approval, asker: null, decider: null }, ctx.now)
}

async function presentCarriedOut(
  ctx: With<'db' | 'now' | 'config'>,
  id: string,
  { user, invitation, mailed, enrolment }: CarriedOut,
): Promise<Static<typeof CarriedOutView>> {
  return {
    approval: await presentById(ctx, id),
    user: user && presentUser(user),
    invitation: mailed ? presentMailed(mailed) : invitation && presentInvitation(ctx.config, invitation),
    enrolment: enrolment ? presentEnrolmentLink(ctx.config, enrolment) : null,
  }
}
