import { OpenedAttemptView, presentEnrolment } from '#domain/attempts/attempt.schema.ts'
import { AnsweredAttributes } from '#domain/attributes/attribute.schema.ts'
import { Secret } from '#foundation/kernel/secret.ts'
import type { App } from '#foundation/web/http/app.ts'
import { named } from '#foundation/web/http/schema.ts'
import { Type } from '#foundation/web/http/type.ts'
import { acceptInvitation } from './accept-invitation.service.ts'

const AcceptInvitation = named(
  'AcceptInvitation',
  Type.Object(
    {
      token: Type.String({ minLength: 1, maxLength: 100, description: 'The last part of the invitation link.' }),
      password: Type.String({
        maxLength: 1024,
        description: 'A new password, or the one that came with the invitation, to keep it.',
      }),
      attributes: Type.Optional(AnsweredAttributes),
    },
    { examples: [{ token: 'the last part of the link', password: 'a kettle full of stars' }] },
  ),
)

/** Accepts an invitation for clients other than the pages. */
export function onboardingRoutes(app: App): void {
  app.post(
    '/invitations/accept',
    {
      config: {
        access: 'anyone',
        refusals: ['link.unknown', 'link.expired', 'link.replaced', 'link.used', 'service.busy'],
      },
      schema: {
        operationId: 'acceptInvitation',
        summary: 'Accept an invitation',
        description:
          'Opens an attempt at stage `enrolment`. The link is consumed only when the enrolment is confirmed.',
        body: AcceptInvitation,
        response: { 200: OpenedAttemptView },
      },
    },
    async (request) => {
      const { token, password, attributes } = request.body
      const accepted = { token: Secret.of(token), password: Secret.of(password), attributes }
      return presentEnrolment(await acceptInvitation(request.ctx, accepted))
    },
  )
}
