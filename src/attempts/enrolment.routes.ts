import { Secret } from '../kernel/secret.ts'
import type { App } from '../web/app.ts'
import { CompleteView, presentComplete } from './attempt.schema.ts'
import { BeginEnrolment, ConfirmEnrolment, presentSetupKey, SetupKeyView } from './enrolment.schema.ts'
import { beginEnrolment, confirmEnrolment } from './enrolment.service.ts'

/** Setting up an authenticator app inside an attempt. */
export function enrolmentRoutes(app: App): void {
  app.post(
    '/attempts/totp',
    {
      config: { access: 'attempt', refusals: ['attempt.ended', 'attempt.wrong_stage'] },
      schema: {
        tags: ['Sign-in'],
        operationId: 'beginEnrolment',
        summary: 'Get the setup key of an authenticator app',
        description: 'For an attempt at stage `enrolment`. Asked again it answers with the same key.',
        body: BeginEnrolment,
        response: { 200: SetupKeyView },
      },
    },
    async (request) => presentSetupKey(await beginEnrolment(request.ctx, Secret.of(request.body.attempt))),
  )
  app.post(
    '/attempts/totp/confirm',
    {
      config: {
        access: 'attempt',
        refusals: [
          'attempt.ended',
          'attempt.wrong_stage',
          'attempt.code_wrong',
          'link.used',
          'setup.finished',
          'user.username_taken',
          'user.email_taken',
          'throttle.wait',
        ],
      },
      schema: {
        tags: ['Sign-in'],
        operationId: 'confirmEnrolment',
        summary: 'Confirm the authenticator app with its first code',
        description: 'The app is active from now on, the code is spent, and the sign-in is complete.',
        body: ConfirmEnrolment,
        response: { 200: CompleteView },
      },
    },
    async (request) => {
      const { attempt, code } = request.body
      const complete = await confirmEnrolment(request.ctx, { attempt: Secret.of(attempt), code, carrier: 'bearer' })
      return presentComplete(complete, request.ctx.config.sessions)
    },
  )
}
