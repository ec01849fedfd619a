import { presentUser } from '#domain/users/user.schema.ts'
import type { App } from '#foundation/web/http/app.ts'
import { instantIn } from '#foundation/web/http/instant.ts'
import { readUser } from '../access/access.service.ts'
import { requireHelpable } from '../access/role-grant.service.ts'
import { presentRefusedEvent, RefusedEventView } from '../audit/refused-event.schema.ts'
import { InvitedUser, presentMailed } from '../invitations/invitation.schema.ts'
import { ExemptionView, presentExemption } from '../policy-rollout/exemptions.schema.ts'
import { UserParameters } from '../users/users.schema.ts'
import {
  HelpView,
  NewHelpExemption,
  PasswordLinkView,
  presentHelp,
  presentPasswordLink,
  RefusalOfUserParameters,
} from './help.schema.ts'
import { exemptForHelp, helpFor, mailInvitationAgain, mailPasswordLink, readRefusalOf } from './help.service.ts'

const help = { access: 'users:help', besides: 'users:read' } as const
const reached = ['role.beyond_own', 'role.beyond_help', 'user.not_found'] as const

/** What the help desk does for users without permissions; `users:write` opens it too. */
export function helpRoutes(app: App): void {
  app.get(
    '/users/:id/help',
    {
      config: { ...help, refusals: ['role.beyond_help', 'user.not_found'] },
      schema: {
        operationId: 'getHelp',
        summary: 'What the help desk can do for a user',
        params: UserParameters,
        response: { 200: HelpView },
      },
    },
    async ({ ctx, params }) => {
      const user = await readUser(ctx, params)
      requireHelpable(ctx.principal, user)
      return presentHelp(await helpFor(ctx, user))
    },
  )

  app.post(
    '/users/:id/password-link',
    {
      config: {
        ...help,
        refusals: [
          ...reached,
          'help.mail_off',
          'help.shut_out',
          'help.unverified_email',
          'help.both_resets',
          'help.mail_limit',
        ],
      },
      schema: {
        operationId: 'mailPasswordLink',
        summary: 'Email a user a link to a new password',
        description: 'To the verified address. The link is shown to nobody, and the password stays until it is used.',
        params: UserParameters,
        response: { 200: PasswordLinkView },
      },
    },
    async ({ ctx, params }) => presentPasswordLink(await mailPasswordLink(ctx, params)),
  )

  app.post(
    '/users/:id/invitation/again',
    {
      config: {
        ...help,
        refusals: [
          ...reached,
          'user.already_enrolled',
          'user.disabled',
          'user.expired',
          'help.mail_off',
          'help.not_mailed',
          'help.mail_limit',
        ],
      },
      schema: {
        operationId: 'mailInvitationAgain',
        summary: 'Send an invitation again',
        description:
          'To the address that the last one was emailed to. No answer shows the link; the old one stops working.',
        params: UserParameters,
        response: { 200: InvitedUser },
      },
    },
    async ({ ctx, params }) => {
      const { user, mailed } = await mailInvitationAgain(ctx, params)
      return { user: presentUser(user), invitation: presentMailed(mailed) }
    },
  )

  app.post(
    '/users/:id/exemptions',
    {
      config: {
        ...help,
        authentication: 'recent',
        refusals: [
          ...reached,
          'help.policy_forbids',
          'help.exempt_already',
          'help.exempted_recently',
          'policy.exemption_useless',
        ],
      },
      schema: {
        operationId: 'exemptForHelp',
        summary: 'Exempt a user for a few days',
        description:
          'From a policy that lets the help desk do so: for at most 14 days, once in 90 days from whichever policy. The user is told.',
        params: UserParameters,
        body: NewHelpExemption,
        response: { 200: ExemptionView },
      },
    },
    async ({ ctx, params, body: { policy_id: policyId, reason, ends_at: end } }) => {
      const wanted = { policyId, reason, endsAt: instantIn(end, '/ends_at') }
      return presentExemption(await exemptForHelp(ctx, params, wanted), ctx.now)
    },
  )

  app.get(
    '/users/:id/refusals/:reference',
    {
      config: { ...help, refusals: ['role.beyond_help', 'user.not_found', 'audit_event.not_found'] },
      schema: {
        operationId: 'getRefusalOfUser',
        summary: 'Why a user was refused',
        description: 'For the reference that this user was shown.',
        params: RefusalOfUserParameters,
        response: { 200: RefusedEventView },
      },
    },
    async ({ ctx, params }) => presentRefusedEvent((await readRefusalOf(ctx, params, params.reference)).event),
  )
}
