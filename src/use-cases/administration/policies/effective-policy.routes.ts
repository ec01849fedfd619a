import type { App } from '#foundation/web/http/app.ts'
import { readUser } from '../access/access.service.ts'
import { UserParameters } from '../users/users.schema.ts'
import { EffectivePolicyView, presentEffectivePolicy } from './effective-policy.schema.ts'
import { explainPolicy } from './effective-policy.service.ts'

/** What is required of one user, for those who see users and policies. */
export function effectivePolicyRoutes(app: App): void {
  app.get(
    '/users/:id/policy',
    {
      config: { access: 'policy:write', besides: 'users:read', refusals: ['user.not_found'] },
      schema: {
        operationId: 'getPolicyOfUser',
        summary: 'What is required of a user',
        description: 'The strictest value of each term, and which policy, or what else, decided it.',
        params: UserParameters,
        response: { 200: EffectivePolicyView },
      },
    },
    async ({ ctx, params }) => {
      const user = await readUser(ctx, params)
      return presentEffectivePolicy(user, await explainPolicy(ctx, user))
    },
  )
}
