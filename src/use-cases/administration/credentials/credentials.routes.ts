import type { App } from '../../../foundation/web/http/app.ts'
import { UserParameters } from '../users/users.schema.ts'
import { presentReset, ResetUser, SecondFactorResetWish, UnlockedUser } from './credentials.schema.ts'
import { resetSecondFactor } from './credentials.service.ts'
import { unlockUser } from './unlock.service.ts'

const tags = ['Administration']

/** Routes that reset a user's second factor and lift a lockout. */
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
          'Removes every authenticator app, passkey and recovery code, ends every session, revokes every API token and withdraws the invitation; at the next sign-in the user sets up a new second step. Check first that the request really comes from the user.',
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
        summary: 'Unblock a user’s guesses',
        description:
          'Resets the counts of wrong passwords and codes for this user, and with them each wait and lockout.',
        params: UserParameters,
        response: { 200: UnlockedUser },
      },
    },
    async (request) => ({ opened: await unlockUser(request.ctx, request.params) }),
  )
}
