import type { App } from '../../../foundation/web/http/app.ts'
import { UserParameters } from '../users/users.schema.ts'
import { presentReset, ResetUser, SecondFactorResetWish, UnlockedUser } from './credentials.schema.ts'
import { resetSecondFactor } from './credentials.service.ts'
import { unlockUser } from './unlock.service.ts'

const tags = ['Administration']

/** What admins do to a user's credentials: reset the second factor, lift a lockout. */
export function credentialsRoutes(app: App): void {
  app.post(
    '/users/:id/reset-second-factor',
    {
      config: {
        access: 'users:reset-factors',
        authentication: 'recent',
        refusals: ['user.not_found', 'user.last_admin', 'user.own_account'],
        bodyMayBeAbsent: true,
      },
      schema: {
        operationId: 'resetSecondFactor',
        tags,
        summary: 'Reset a user’s second step',
        description:
          'Removes every authenticator app, passkey and recovery code, ends every session, revokes every API token and withdraws their invitation; at the next sign-in they set up a new one. Check first that it is really them who ask.',
        params: UserParameters,
        body: SecondFactorResetWish,
        response: { 200: ResetUser },
      },
    },
    async (request) => {
      const { reason, reset_password: resetPassword } = request.body
      const reset = await resetSecondFactor(request.ctx, request.params, { reason, resetPassword })
      return presentReset(request.ctx.config, reset)
    },
  )

  app.post(
    '/users/:id/unlock',
    {
      config: { access: 'users:write', refusals: ['user.not_found'] },
      schema: {
        operationId: 'unlockUser',
        tags,
        summary: 'Let a user try again at once',
        description: 'Forgets how often a password or code was guessed wrong for them, and the wait that it brought.',
        params: UserParameters,
        response: { 200: UnlockedUser },
      },
    },
    async (request) => ({ opened: await unlockUser(request.ctx, request.params) }),
  )
}
