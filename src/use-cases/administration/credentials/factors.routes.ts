import type { App } from '../../../foundation/web/http/app.ts'
import { UserParameters } from '../users/users.schema.ts'
import { EnrolledFactorsView, presentEnrolledFactors } from './factors.schema.ts'
import { enrolledFactors } from './enrolled-factors.service.ts'
import { readUser } from '../access/access.service.ts'

/** The route that lists a user's second factors. */
export function factorsRoutes(app: App): void {
  app.get(
    '/users/:id/factors',
    {
      config: { access: 'users:read', refusals: ['user.not_found'] },
      schema: {
        operationId: 'listFactorsOfUser',
        tags: ['Administration'],
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
}
