import type { App } from '#foundation/web/http/app.ts'
import { named } from '#foundation/web/http/schema.ts'
import { Type } from '#foundation/web/http/type.ts'
import { askForConfirmations, readUnconfirmed } from './email-confirmations.service.ts'

const Wish = named(
  'EmailConfirmationsInput',
  Type.Object(
    { dry_run: Type.Optional(Type.Boolean({ description: 'Only count: no email is sent.' })) },
    { additionalProperties: false, examples: [{ dry_run: true }] },
  ),
)

const AskedView = named(
  'EmailConfirmations',
  Type.Object(
    {
      mailed: Type.Integer({ description: 'How many users get an email; with `dry_run`, how many would.' }),
      asked_before: Type.Integer({
        description: 'How many were asked in the 7 days before, or have a link to confirm an email that they entered.',
      }),
      beyond_own: Type.Integer({ description: 'How many have permissions that you lack, and are not asked.' }),
      more: Type.Boolean({ description: 'Whether another request is needed for the other users.' }),
    },
    { description: 'Whom the request asked to confirm their email.' },
  ),
)

export function emailConfirmationsRoutes(app: App): void {
  app.post(
    '/users/email-confirmations',
    {
      config: { access: 'users:write', refusals: ['mail.off', 'service.busy'] },
      schema: {
        operationId: 'askForEmailConfirmations',
        summary: 'Ask users to confirm their email',
        description:
          'Emails each enabled user who has joined and whose email is not verified a link that verifies it after a sign-in. Each user gets such an email once in 7 days at most. A request sends 1,000 emails at most.',
        body: Wish,
        response: { 200: AskedView },
      },
    },
    async ({ ctx, body }) => {
      const { due, asked, beyondOwn } = await readUnconfirmed(ctx)
      const { mailed, more } = body.dry_run === true ? { mailed: due, more: false } : await askForConfirmations(ctx)
      return { mailed, asked_before: asked, beyond_own: beyondOwn, more }
    },
  )
}
