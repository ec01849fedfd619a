import { valuesByKey } from '#domain/attributes/attribute.schema.ts'
import { LONGEST_WORD_SHOWN } from '#domain/groups/added-members.ts'
import { MOST_GROUPS } from '#domain/groups/group.ts'
import type { WaitingRegistration } from '#domain/registrations/registration.ts'
import { toRfc3339 } from '#foundation/kernel/time.ts'
import { PAGE_PARAMETERS, pageOf } from '#foundation/web/http/pagination.ts'
import { named, nullable } from '#foundation/web/http/schema.ts'
import { type Static, Type } from '#foundation/web/http/type.ts'

export const RegistrationParameters = Type.Object({ id: Type.String({ maxLength: 64 }) })

export const WaitingRegistrationView = named(
  'WaitingRegistration',
  Type.Object(
    {
      id: Type.String(),
      username: Type.String(),
      email: Type.String({ description: 'Confirmed by the emailed link.' }),
      full_name: nullable(Type.String()),
      attributes: valuesByKey('The answers to the attributes that are asked at joining, by key.'),
      submitted_at: Type.String({ format: 'date-time' }),
      expires_at: Type.String({ format: 'date-time', description: 'When it is deleted without a decision.' }),
    },
    { description: 'A person who waits for the approval of an admin.' },
  ),
)

export const WaitingRegistrationPage = pageOf('WaitingRegistrationPage', WaitingRegistrationView)
export const WaitingRegistrationQuery = Type.Object(PAGE_PARAMETERS, { additionalProperties: false })
/** The id of the last registration of a page. */
export const RegistrationPosition = Type.String({ maxLength: 64 })

export const RegistrationApproval = named(
  'RegistrationApproval',
  Type.Object(
    {
      groups: Type.Optional(
        Type.Array(Type.String({ maxLength: LONGEST_WORD_SHOWN }), {
          maxItems: MOST_GROUPS,
          description:
            'Names of the groups to join in place of those of the setting `registration_groups`. Needs `groups:write`.',
        }),
      ),
    },
    { additionalProperties: false, examples: [{}] },
  ),
)

export const Decline = named(
  'DeclinedRegistration',
  Type.Object(
    { reason: Type.String({ minLength: 1, maxLength: 500, description: 'Told to the person by email.' }) },
    { examples: [{ reason: 'This server is for the staff of the library.' }] },
  ),
)

export function presentWaiting(registration: WaitingRegistration): Static<typeof WaitingRegistrationView> {
  const { id, username, email, fullName, attributes, submittedAt, expiresAt } = registration
  const times = { submitted_at: toRfc3339(submittedAt), expires_at: toRfc3339(expiresAt) }
  return { id, username, email, full_name: fullName, attributes, ...times }
}
