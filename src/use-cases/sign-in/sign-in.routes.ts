import { PasskeyRequestOptions, presentRequestOptions } from '#domain/factors/passkeys/passkey.schema.ts'
import { Secret } from '#foundation/kernel/secret.ts'
import type { App } from '#foundation/web/http/app.ts'
import { passkeySignInOptions, signInWithPasskey } from './passkey-sign-in.service.ts'
import {
  Credentials,
  FinishedSignInView,
  PasskeyOptionsRequest,
  PasskeySignInForm,
  presentFinished,
  presentStep,
  SecondFactorProof,
  SignInStepView,
} from './sign-in.schema.ts'
import { beginSignIn, proveSecondFactor } from './sign-in.service.ts'

/** Routes of the step-by-step sign-in: password, then second factor; or a passkey. */
export function signInRoutes(app: App): void {
  app.post(
    '/attempts',
    {
      config: {
        access: 'anyone',
        refusals: [
          'sign_in.incorrect',
          'sign_in.disabled',
          'attempt.code_wrong',
          'attempt.code_used',
          'attempt.clock_drift',
          'sign_in.factor_not_allowed',
          'throttle.blocked',
          'service.busy',
        ],
      },
      schema: {
        operationId: 'beginSignIn',
        summary: 'Begin a sign-in with a password',
        description:
          'Answers with the next stage: `second-factor`, `enrolment` for a user without a second factor, or `complete` if a right `code` was sent too. ' +
          'The refusal is the same whether or not there is such a user.',
        body: Credentials,
        response: { 200: SignInStepView },
      },
    },
    async (request) => {
      const { username, password, code } = request.body
      const step = await beginSignIn(request.ctx, {
        username,
        password: Secret.of(password),
        code,
        transport: 'bearer',
      })
      return presentStep(step)
    },
  )
  app.post(
    '/attempts/second-factor',
    {
      config: {
        access: 'attempt',
        refusals: [
          'attempt.ended',
          'attempt.wrong_stage',
          'attempt.code_wrong',
          'attempt.code_used',
          'attempt.clock_drift',
          'attempt.recovery_code_wrong',
          'attempt.recovery_code_used',
          'sign_in.factor_not_allowed',
          'sign_in.disabled',
          'throttle.blocked',
          'service.busy',
        ],
      },
      schema: {
        operationId: 'proveSecondFactor',
        summary: 'Finish a sign-in with the second factor',
        body: SecondFactorProof,
        response: { 200: FinishedSignInView },
      },
    },
    async (request) => {
      const { attempt, kind, proof } = request.body
      const finished = await proveSecondFactor(request.ctx, {
        attempt: Secret.of(attempt),
        factor: { kind, code: proof },
        transport: 'bearer',
      })
      return presentFinished(finished)
    },
  )
  passkeyRoutes(app)
}

function passkeyRoutes(app: App): void {
  app.post(
    '/attempts/passkey/options',
    {
      config: {
        access: 'attempt',
        refusals: ['attempt.ended', 'attempt.wrong_stage', 'throttle.blocked'],
        bodyMayBeAbsent: true,
      },
      schema: {
        operationId: 'passkeySignInOptions',
        summary: 'What a browser needs to use a passkey',
        description: 'For the second step of an attempt, or without one to sign in with a passkey alone.',
        body: PasskeyOptionsRequest,
        response: { 200: PasskeyRequestOptions },
      },
    },
    async (request) => {
      const { attempt } = request.body
      const token = attempt === undefined ? undefined : Secret.of(attempt)
      return presentRequestOptions(await passkeySignInOptions(request.ctx, token))
    },
  )
  app.post(
    '/attempts/passkey',
    {
      config: {
        access: 'attempt',
        refusals: [
          'attempt.ended',
          'attempt.wrong_stage',
          'passkey.refused',
          'passkey.challenge_ended',
          'passkey.not_verified',
          'sign_in.factor_not_allowed',
          'sign_in.disabled',
          'throttle.blocked',
        ],
      },
      schema: {
        operationId: 'signInWithPasskey',
        summary: 'Sign in with a passkey',
        description:
          'As the second step of an attempt; without one as both steps, where the passkey verified its user.',
        body: PasskeySignInForm,
        response: { 200: FinishedSignInView },
      },
    },
    async (request) => {
      const { attempt, response } = request.body
      const { ctx } = request
      const finished =
        attempt === undefined
          ? await signInWithPasskey(ctx, response, 'bearer')
          : await proveSecondFactor(ctx, {
              attempt: Secret.of(attempt),
              factor: { kind: 'passkey', response },
              transport: 'bearer',
            })
      return presentFinished(finished)
    },
  )
}
