import { CompleteView, presentComplete } from '../attempts/attempt.schema.ts'
import { Secret } from '../kernel/secret.ts'
import type { App } from '../web/app.ts'
import { Credentials, presentStep, SecondFactorProof, SignInStepView } from './sign-in.schema.ts'
import { beginSignIn, proveSecondFactor } from './sign-in.service.ts'

/** Signing in step by step. */
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
          'throttle.wait',
          'service.busy',
        ],
      },
      schema: {
        tags: ['Sign-in'],
        operationId: 'beginSignIn',
        summary: 'Begin a sign-in with a password',
        description:
          'Answers with the next stage: `second-factor`, `enrolment` for somebody who has none yet, or `complete` where a right `code` came along. ' +
          'The refusal is the same whether or not there is such a user.',
        body: Credentials,
        response: { 200: SignInStepView },
      },
    },
    async (request) => {
      const { username, password, code } = request.body
      const step = await beginSignIn(request.ctx, { username, password: Secret.of(password), code, carrier: 'bearer' })
      return presentStep(step, request.ctx.config.sessions)
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
          'sign_in.disabled',
          'throttle.wait',
        ],
      },
      schema: {
        tags: ['Sign-in'],
        operationId: 'proveSecondFactor',
        summary: 'Finish a sign-in with the second factor',
        body: SecondFactorProof,
        response: { 200: CompleteView },
      },
    },
    async (request) => {
      const { attempt, kind, proof } = request.body
      const complete = await proveSecondFactor(request.ctx, {
        attempt: Secret.of(attempt),
        kind,
        proof,
        carrier: 'bearer',
      })
      return presentComplete(complete, request.ctx.config.sessions)
    },
  )
}
