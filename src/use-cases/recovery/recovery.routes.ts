import { OpenedAttemptView, presentEnrolment } from '#domain/attempts/attempt.schema.ts'
import { Secret } from '#foundation/kernel/secret.ts'
import { RESET_LIFETIME } from '#foundation/kernel/stated-limits.ts'
import type { App } from '#foundation/web/http/app.ts'
import { presentStep, SignInStepView } from '#use-cases/sign-in/sign-in.schema.ts'
import { acceptEnrolmentLink } from './enrolment-link.service.ts'
import { resetPasswordByLink } from './password-reset.service.ts'
import {
  EnrolmentLinkForm,
  PasswordResetForm,
  PasswordResetRequest,
  PasswordResetRequested,
} from './recovery.schema.ts'
import { requestPasswordReset } from './reset-request.service.ts'

/** Routes of a forgotten password, and of the link after a reset of the second step. */
export function recoveryRoutes(app: App): void {
  app.post(
    '/password-resets',
    {
      config: { access: 'anyone', uniformTime: true, refusals: ['password_reset.off', 'throttle.blocked'] },
      schema: {
        operationId: 'requestPasswordReset',
        summary: 'Ask for a link to choose a new password',
        description:
          'Emails a link to the confirmed address of an enabled account, at most three an hour. The answer and its time are the same for every name.',
        body: PasswordResetRequest,
        response: { 202: PasswordResetRequested },
      },
    },
    async ({ ctx, body }, reply) => {
      await requestPasswordReset(ctx, body.login)
      return reply.code(202).send({ link_expires_in: RESET_LIFETIME / 1000 })
    },
  )

  app.post(
    '/password-resets/complete',
    {
      config: { access: 'anyone', refusals: ['link.unknown', 'link.expired', 'link.used', 'service.busy'] },
      schema: {
        operationId: 'resetPassword',
        summary: 'Choose a new password by an emailed link',
        description:
          'Stores the password, ends every session and, unless told otherwise, every API token, and answers with the next stage of a sign-in whose password is proven. It never replaces the second factor.',
        body: PasswordResetForm,
        response: { 200: SignInStepView },
      },
    },
    async ({ ctx, body }) => {
      const { token, password, end_api_tokens: endApiTokens } = body
      const proof = { token: Secret.of(token), password: Secret.of(password) }
      const wanted = { ...proof, transport: 'bearer', endApiTokens } as const
      return presentStep(await resetPasswordByLink(ctx, wanted))
    },
  )

  app.post(
    '/enrolment-links/accept',
    {
      config: {
        access: 'anyone',
        refusals: ['link.unknown', 'link.expired', 'link.used', 'password.wrong', 'throttle.blocked', 'service.busy'],
      },
      schema: {
        operationId: 'acceptEnrolmentLink',
        summary: 'Begin to set up a second step after a reset',
        description:
          'Verifies the password of the account and opens an attempt at stage `enrolment`. The link is consumed only when the enrolment is confirmed.',
        body: EnrolmentLinkForm,
        response: { 200: OpenedAttemptView },
      },
    },
    async ({ ctx, body }) => {
      const proof = { token: Secret.of(body.token), password: Secret.of(body.password) }
      return presentEnrolment(await acceptEnrolmentLink(ctx, proof))
    },
  )
}
