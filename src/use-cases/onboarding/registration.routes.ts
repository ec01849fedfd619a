import { Secret } from '#foundation/kernel/secret.ts'
import { REGISTRATION_LINK_LIFETIME } from '#foundation/kernel/stated-limits.ts'
import type { App } from '#foundation/web/http/app.ts'
import { localeOf } from '#foundation/web/pages/page.ts'
import {
  NewRegistration,
  presentChallenge,
  presentRegistrationStep,
  proofIn,
  RegistrationChallenge,
  RegistrationRequested,
  RegistrationStepView,
  SubmittedAccount,
} from './registration.schema.ts'
import { challengeForRegistration, requestRegistration } from './request-registration.service.ts'
import { submitRegistration } from './submit-registration.service.ts'

/** Self-registration for clients other than the pages. */
export function registrationRoutes(app: App): void {
  app.get(
    '/registrations/challenge',
    {
      config: { access: 'anyone', refusals: ['registration.off'] },
      schema: {
        operationId: 'registrationChallenge',
        summary: 'Get the challenge of a proof of work',
        description: 'Valid for 30 minutes and for one registration. Where it has 0 bits, no proof is needed.',
        response: { 200: RegistrationChallenge },
      },
    },
    (request) => presentChallenge(challengeForRegistration(request.ctx)),
  )

  app.post(
    '/registrations',
    {
      config: {
        access: 'anyone',
        uniformTime: true,
        refusals: ['registration.off', 'registration.proof_refused', 'throttle.blocked'],
      },
      schema: {
        operationId: 'requestRegistration',
        summary: 'Ask for an account',
        description:
          'Emails a link to the address, valid for an hour. The answer is the same where the address has an account already, and the email says so.',
        body: NewRegistration,
        response: { 202: RegistrationRequested },
      },
    },
    async (request, reply) => {
      const { email } = request.body
      await requestRegistration(request.ctx, { email, proof: proofIn(request.body), locale: localeOf(reply) })
      return reply.code(202).send({ link_expires_in: REGISTRATION_LINK_LIFETIME / 1000 })
    },
  )

  app.post(
    '/registrations/submit',
    {
      config: {
        access: 'anyone',
        refusals: [
          'registration.off',
          'link.unknown',
          'link.expired',
          'link.used',
          'user.username_taken',
          'user.email_taken',
          'throttle.blocked',
          'service.busy',
        ],
      },
      schema: {
        operationId: 'submitRegistration',
        summary: 'Choose username and password behind the emailed link',
        description:
          'Opens an attempt at stage `enrolment`, whose confirmation creates the account. Where an admin must approve, the stage is `waiting`.',
        body: SubmittedAccount,
        response: { 200: RegistrationStepView },
      },
    },
    async (request) => {
      const { token, password, full_name: fullName = null, username, attributes } = request.body
      const account = { token: Secret.of(token), password: Secret.of(password), username, fullName, attributes }
      return presentRegistrationStep(await submitRegistration(request.ctx, account))
    },
  )
}
