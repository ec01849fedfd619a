import { ApiTokenList, presentApiToken } from '#domain/api-tokens/api-token.schema.ts'
import { ApprovalView } from '#domain/approvals/approval.schema.ts'
import { hostsOfTokens } from '#domain/hosts/host.service.ts'
import type { App } from '#foundation/web/http/app.ts'
import { Type } from '#foundation/web/http/type.ts'
import { readUser } from '../access/access.service.ts'
import { UserParameters } from '../users/users.schema.ts'
import { enrolledFactors } from './credentials-summary.service.ts'
import {
  EnrolledFactorsView,
  presentEnrolledFactors,
  presentReset,
  ResetUser,
  SecondFactorResetWish,
  UnlockedUser,
} from './credentials.schema.ts'
import { resetSecondFactor, unlockUser } from './credentials.service.ts'
import { listTokensOf, revokeTokenOf } from './tokens.service.ts'

const TokenParameters = Type.Object({ ...UserParameters.properties, tokenId: Type.String({ maxLength: 64 }) })

/** Routes about a user's second factors, API tokens and lockout. */
export function credentialsRoutes(app: App): void {
  app.post(
    '/users/:id/reset-second-factor',
    {
      config: {
        access: 'users:help',
        or: 'users:reset-factors',
        authentication: 'recent',
        refusals: [
          'role.beyond_own',
          'role.beyond_help',
          'user.not_joined',
          'help.both_resets',
          'help.mail_limit',
          'user.not_found',
          'user.last_admin',
          'user.own_account',
          'approval.waiting',
        ],
      },
      schema: {
        operationId: 'resetSecondFactor',
        summary: 'Reset a user’s second step',
        description:
          'Removes every authenticator app, passkey and recovery code, ends every session, revokes every API token and the invitation, and tells the user at a confirmed address. The user sets up a new second step by the link in the answer, or at the next sign-in. Check first that the request really comes from the user.',
        params: UserParameters,
        body: SecondFactorResetWish,
        response: { 200: ResetUser, 202: ApprovalView },
      },
    },
    async ({ ctx, params, body: { reason, reset_password: resetPassword } }) =>
      presentReset(ctx.config, await resetSecondFactor(ctx, params, { reason, resetPassword })),
  )

  app.post(
    '/users/:id/unlock',
    {
      config: {
        access: 'users:help',
        refusals: ['role.beyond_own', 'role.beyond_help', 'user.not_found', 'help.mail_limit'],
      },
      schema: {
        operationId: 'unlockUser',
        summary: 'Unblock a user’s guesses',
        description:
          'Resets the counts of wrong passwords and codes for this user, and with them each wait and lockout. At most three times within an hour.',
        params: UserParameters,
        response: { 200: UnlockedUser },
      },
    },
    async ({ ctx, params }) => ({ opened: await unlockUser(ctx, params) }),
  )

  app.get(
    '/users/:id/factors',
    {
      config: { access: 'users:read', refusals: ['user.not_found'] },
      schema: {
        operationId: 'listFactorsOfUser',
        summary: 'List a user’s second factors',
        description: 'Kinds, dates and numbers; never a secret, nor the name of an authenticator app.',
        params: UserParameters,
        response: { 200: EnrolledFactorsView },
      },
    },
    async ({ ctx, params }) => {
      const { subject } = await readUser(ctx, params)
      return presentEnrolledFactors(await enrolledFactors(ctx, subject))
    },
  )

  app.get(
    '/users/:id/tokens',
    {
      config: { access: 'users:read', refusals: ['user.not_found'] },
      schema: {
        operationId: 'listTokensOfUser',
        summary: 'A user’s API tokens',
        description: 'The valid ones, the newest first, without the token itself.',
        params: UserParameters,
        response: { 200: ApiTokenList },
      },
    },
    async ({ ctx, params }) => {
      const tokens = await listTokensOf(ctx, params)
      const hosts = await hostsOfTokens(ctx, tokens)
      return { items: tokens.map((token) => presentApiToken(token, hosts)) }
    },
  )

  app.delete(
    '/users/:id/tokens/:tokenId',
    {
      config: { access: 'users:write', refusals: ['role.beyond_own', 'user.not_found', 'api_token.not_found'] },
      schema: {
        operationId: 'revokeTokenOfUser',
        summary: 'Revoke a user’s API token',
        description: 'It is refused from the next request on.',
        params: TokenParameters,
        response: { 204: Type.Null({ description: 'Revoked.' }) },
      },
    },
    ({ ctx, params }) => revokeTokenOf(ctx, params, params.tokenId),
  )
}
