import { toRfc3339 } from '#foundation/kernel/time.ts'
import type { App } from '#foundation/web/http/app.ts'
import { named } from '#foundation/web/http/schema.ts'
import { Type } from '#foundation/web/http/type.ts'
import { PolicyParameters } from './plan.schema.ts'
import { readProgress } from './progress.service.ts'

const ProgressView = named(
  'PolicyProgress',
  Type.Object(
    {
      days: Type.Array(
        Type.Object({
          day: Type.String({ format: 'date', description: 'In UTC.' }),
          concerned: Type.Integer({ description: 'Enabled users whom the policy concerned.' }),
          missing: Type.Integer({ description: 'Those of them who had not what it asks for.' }),
        }),
        { description: 'The days that were counted, today last.' },
      ),
    },
    { description: 'How far a policy is met.' },
  ),
)

export function progressRoutes(app: App): void {
  app.get(
    '/policies/:id/progress',
    {
      config: { access: 'policy:write', refusals: ['policy.not_found'] },
      schema: {
        operationId: 'readPolicyProgress',
        summary: 'How far a policy is met',
        description: 'By day, of the last 60 days.',
        params: PolicyParameters,
        response: { 200: ProgressView },
      },
    },
    async ({ ctx, params }) => ({
      days: (await readProgress(ctx, params.id)).map(({ day, ...numbers }) => ({
        day: toRfc3339(day).slice(0, 10),
        ...numbers,
      })),
    }),
  )
}
