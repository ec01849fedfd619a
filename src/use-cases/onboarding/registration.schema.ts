import { AttemptToken } from '#domain/attempts/attempt.schema.ts'
import { AnsweredAttributes } from '#domain/attributes/attribute.schema.ts'
import type { NewChallenge, ProofOfWork } from '#domain/registrations/proof-of-work.service.ts'
import { toRfc3339 } from '#foundation/kernel/time.ts'
import { choice, named, nullable } from '#foundation/web/http/schema.ts'
import { type Static, Type } from '#foundation/web/http/type.ts'
import type { RegistrationStep } from './submit-registration.service.ts'

export const RegistrationChallenge = named(
  'RegistrationChallenge',
  Type.Object(
    {
      challenge: Type.String({ description: 'Signed text; it works once.' }),
      bits: Type.Integer({
        minimum: 0,
        description:
          'How many leading bits of SHA-256(challenge + ":" + solution) must be 0, where the solution is a decimal number. 0: no proof is needed.',
      }),
      expires_at: Type.String({ format: 'date-time' }),
    },
    { description: 'The challenge of a proof of work (Hashcash).' },
  ),
)

export function presentChallenge({ challenge, facts }: NewChallenge): Static<typeof RegistrationChallenge> {
  return { challenge, bits: facts.bits, expires_at: toRfc3339(facts.expiresAt) }
}

export const NewRegistration = named(
  'NewRegistration',
  Type.Object(
    {
      email: Type.String({ minLength: 1, maxLength: 1000, description: 'Where the link is sent.' }),
      challenge: Type.Optional(
        Type.String({ maxLength: 200, description: 'Needed, with its solution, where it has more than 0 bits.' }),
      ),
      solution: Type.Optional(
        Type.String({ maxLength: 200, description: 'The number that solves the challenge, in decimal digits.' }),
      ),
    },
    { examples: [{ email: 'grace@example.org' }] },
  ),
)

export const RegistrationRequested = named(
  'RegistrationRequested',
  Type.Object(
    { link_expires_in: Type.Integer({ description: 'For how many seconds the emailed link is valid.' }) },
    { description: 'An email was sent to the address. The same for every address.' },
  ),
)

/** The proof of work in a body; undefined if a part is missing. */
export function proofIn({ challenge, solution }: Partial<ProofOfWork>): ProofOfWork | undefined {
  return challenge === undefined || solution === undefined ? undefined : { challenge, solution }
}

export const SubmittedAccount = named(
  'SubmittedAccount',
  Type.Object(
    {
      token: Type.String({ minLength: 1, maxLength: 100, description: 'The last part of the emailed link.' }),
      username: Type.String({ description: 'One to 64 characters, without @. Unique, ignoring case.' }),
      full_name: Type.Optional(Type.String()),
      password: Type.String({ maxLength: 1024 }),
      attributes: Type.Optional(AnsweredAttributes),
    },
    {
      examples: [
        {
          token: 'the last part of the link',
          username: 'grace',
          full_name: 'Grace Hopper',
          password: 'a kettle full of stars',
        },
      ],
    },
  ),
)

export const RegistrationStepView = named(
  'RegistrationStep',
  Type.Object(
    {
      stage: choice(['enrolment', 'waiting']),
      attempt: nullable(AttemptToken),
      expires_at: nullable(Type.String({ format: 'date-time', description: 'When the attempt ends.' })),
    },
    { description: 'The next step: setting up a second factor with the attempt, or waiting for an admin.' },
  ),
)

/** The next step as the API returns it; the attempt is null for a registration that waits. */
export function presentRegistrationStep(step: RegistrationStep): Static<typeof RegistrationStepView> {
  if (step.stage === 'waiting') return { stage: 'waiting', attempt: null, expires_at: null }
  return { stage: 'enrolment', attempt: step.attempt.reveal(), expires_at: toRfc3339(step.expiresAt) }
}
