import { ApprovalList, ApprovalReference, presentApproval } from '#domain/approvals/approval.schema.ts'
import { Secret } from '#foundation/kernel/secret.ts'
import { signedIn } from '#foundation/web/http/access.ts'
import type { App } from '#foundation/web/http/app.ts'
import { named } from '#foundation/web/http/schema.ts'
import { Type } from '#foundation/web/http/type.ts'
import { listRequestsAboutMe, objectByLink, objectInAccount } from './objections.service.ts'

const Stopped = Type.Null({ description: 'The request has ended without effect.' })

const Objection = named(
  'Objection',
  Type.Object(
    { token: Type.String({ minLength: 1, maxLength: 100, description: 'The last part of the link in the email.' }) },
    { additionalProperties: false, examples: [{ token: 'the last part of the link' }] },
  ),
)

/** Routes by which the person whom a request concerns reads it and objects. */
export function objectionsRoutes(app: App): void {
  app.get(
    '/users/me/approvals',
    {
      config: { access: 'signed-in', tokens: 'refused' },
      schema: {
        operationId: 'listRequestsAboutMe',
        summary: 'Requests of admins about my account',
        description: 'Those that can still be carried out, the oldest first.',
        response: { 200: ApprovalList },
      },
    },
    async (request) => {
      const ctx = signedIn(request.ctx)
      const shown = (await listRequestsAboutMe(ctx)).map((one) => presentApproval(one, ctx.now))
      return { items: shown.map(withoutAttributes) }
    },
  )

  app.post(
    '/users/me/approvals/:id/object',
    {
      config: { access: 'signed-in', tokens: 'refused', refusals: ['approval.not_found', 'approval.ended'] },
      schema: {
        operationId: 'objectToRequest',
        summary: 'Object to a request about my account',
        params: ApprovalReference,
        response: { 204: Stopped },
      },
    },
    (request) => objectInAccount(signedIn(request.ctx), request.params.id),
  )

  app.post(
    '/objections',
    {
      config: {
        access: 'anyone',
        refusals: ['link.unknown', 'link.expired', 'link.used', 'approval.not_found', 'approval.ended'],
      },
      schema: {
        operationId: 'objectByLink',
        summary: 'Object to a request by the link of an email',
        description: 'Works once, and opens no session.',
        body: Objection,
        response: { 204: Stopped },
      },
    },
    ({ ctx, body: { token } }) => objectByLink(ctx, Secret.of(token)),
  )
}

/** Values of attributes are left out, since there may be some among them that only admins see. */
function withoutAttributes(view: ReturnType<typeof presentApproval>): ReturnType<typeof presentApproval> {
  const { attributes: _, ...parameters } = view.parameters
  return { ...view, parameters }
}
