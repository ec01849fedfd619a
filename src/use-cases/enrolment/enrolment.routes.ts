import { PasskeyCreationOptions, presentCreationOptions } from '#domain/factors/passkeys/passkey.schema.ts'
import { presentSetupKey, SetupKeyView } from '#domain/factors/totp/setup-key.schema.ts'
import { Secret } from '#foundation/kernel/secret.ts'
import type { App } from '#foundation/web/http/app.ts'
import {
  BeginEnrolment,
  ConfirmEnrolment,
  EnrolledView,
  PasskeyEnrolmentForm,
  presentEnrolled,
} from './enrolment.schema.ts'
import { beginEnrolment, confirmEnrolment, enrolPasskey, passkeyEnrolmentOptions } from './enrolment.service.ts'

/** The refusals of each request that completes an enrolment. */
const COMPLETION_REFUSALS = [
  'factor.not_allowed',
  'link.used',
  'account.review_required',
  'setup.finished',
  'registration.off',
  'user.username_taken',
  'user.email_taken',
  'throttle.blocked',
  'service.busy',
] as const

/** The JSON routes that set up an authenticator app or a passkey inside an attempt. */
export function enrolmentRoutes(app: App): void {
  app.post(
    '/attempts/totp',
    {
      config: { access: 'attempt', refusals: ['attempt.ended', 'attempt.wrong_stage', 'factor.not_allowed'] },
      schema: {
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
        refusals: ['attempt.ended', 'attempt.wrong_stage', 'attempt.code_wrong', ...COMPLETION_REFUSALS],
      },
      schema: {
        operationId: 'confirmEnrolment',
        summary: 'Confirm the authenticator app with its first code',
        description: 'The app is active from now on, the code is consumed, and the sign-in is complete.',
        body: ConfirmEnrolment,
        response: { 200: EnrolledView },
      },
    },
    async (request) => {
      const { attempt, code } = request.body
      const complete = await confirmEnrolment(request.ctx, { attempt: Secret.of(attempt), code, transport: 'bearer' })
      return presentEnrolled(complete, complete.terms)
    },
  )
  passkeyEnrolmentRoutes(app)
}

function passkeyEnrolmentRoutes(app: App): void {
  app.post(
    '/attempts/passkeys/options',
    {
      config: { access: 'attempt', refusals: ['attempt.ended', 'attempt.wrong_stage', 'factor.not_allowed'] },
      schema: {
        operationId: 'passkeyEnrolmentOptions',
        summary: 'What a browser needs to create a passkey',
        description: 'For an attempt at stage `enrolment`.',
        body: BeginEnrolment,
        response: { 200: PasskeyCreationOptions },
      },
    },
    async (request) =>
      presentCreationOptions(await passkeyEnrolmentOptions(request.ctx, Secret.of(request.body.attempt))),
  )
  app.post(
    '/attempts/passkeys',
    {
      config: {
        access: 'attempt',
        refusals: [
          'attempt.ended',
          'attempt.wrong_stage',
          'passkey.refused',
          'passkey.challenge_ended',
          'passkey.already_registered',
          ...COMPLETION_REFUSALS,
        ],
      },
      schema: {
        operationId: 'enrolPasskey',
        summary: 'Confirm the passkey that the browser created',
        description: 'It counts from now on, and the sign-in is complete.',
        body: PasskeyEnrolmentForm,
        response: { 200: EnrolledView },
      },
    },
    async (request) => {
      const { attempt, response, name } = request.body
      const { ctx } = request
      const enrolled = await enrolPasskey(ctx, { attempt: Secret.of(attempt), response, name, transport: 'bearer' })
      return presentEnrolled(enrolled, enrolled.terms)
    },
  )
}
