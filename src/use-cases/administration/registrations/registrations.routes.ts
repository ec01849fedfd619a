import { sendUser, UserView } from '#domain/users/user.schema.ts'
import type { App } from '#foundation/web/http/app.ts'
import { answerPage, decodeCursor } from '#foundation/web/http/pagination.ts'
import { Type } from '#foundation/web/http/type.ts'
import {
  Decline,
  presentWaiting,
  RegistrationApproval,
  RegistrationParameters,
  RegistrationPosition,
  WaitingRegistrationPage,
  WaitingRegistrationQuery,
} from './registrations.schema.ts'
import { approveRegistration, declineRegistration } from './registrations.service.ts'
import { pageWaiting } from './waiting-list.service.ts'

/** Registrations that wait for an admin: list, approve, decline. */
export function registrationsRoutes(app: App): void {
  app.get(
    '/registrations',
    {
      config: { access: 'users:read' },
      schema: {
        operationId: 'listRegistrations',
        summary: 'Registrations that wait',
        description: 'The oldest first.',
        querystring: WaitingRegistrationQuery,
        response: { 200: WaitingRegistrationPage },
      },
    },
    async ({ ctx, query }, reply) => {
      const { limit = 50, cursor } = query
      const after = cursor === undefined ? '' : decodeCursor(RegistrationPosition, cursor)
      return answerPage(reply, await pageWaiting(ctx, { after, limit }), presentWaiting)
    },
  )

  app.post(
    '/registrations/:id/approve',
    {
      config: {
        access: 'users:write',
        refusals: ['registration.not_found', 'user.username_taken', 'user.email_taken'],
        bodyMayBeAbsent: true,
      },
      schema: {
        operationId: 'approveRegistration',
        summary: 'Approve a registration',
        description: 'Creates the user and tells them by email. They set up their second step at their first sign-in.',
        params: RegistrationParameters,
        body: RegistrationApproval,
        response: { 200: UserView },
      },
    },
    async ({ ctx, params, body }, reply) => sendUser(reply, await approveRegistration(ctx, params.id, body)),
  )

  app.post(
    '/registrations/:id/decline',
    {
      config: { access: 'users:write', refusals: ['registration.not_found'] },
      schema: {
        operationId: 'declineRegistration',
        summary: 'Decline a registration',
        description: 'Deletes what the person has entered, and tells them the reason by email.',
        params: RegistrationParameters,
        body: Decline,
        response: { 204: Type.Null({ description: 'Declined.' }) },
      },
    },
    async ({ ctx, params, body }) => {
      await declineRegistration(ctx, { id: params.id, reason: body.reason })
    },
  )
}
