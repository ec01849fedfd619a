// What of the help desk goes over the wire.
import { toRfc3339, toRfc3339OrNull } from '#foundation/kernel/time.ts'
import { named, nullable } from '#foundation/web/http/schema.ts'
import { type Static, Type } from '#foundation/web/http/type.ts'
import { UserParameters } from '../users/users.schema.ts'
import type { Help, MailedPasswordLink } from './help.service.ts'

const Moment = Type.String({ format: 'date-time' })

export const RefusalOfUserParameters = Type.Object({
  ...UserParameters.properties,
  reference: Type.String({ maxLength: 200, description: 'The reference that the user was shown.' }),
})

export const PasswordLinkView = named(
  'MailedPasswordLink',
  Type.Object(
    {
      mailed_to: Type.String({ description: 'The verified address of the user.' }),
      expires_at: Type.String({ format: 'date-time', description: 'When the link expires.' }),
    },
    { description: 'The link itself is shown to nobody.' },
  ),
)

const HelpablePolicyView = Type.Object({
  id: Type.String(),
  name: Type.String(),
  exempt_until: nullable(Moment),
  counts_from: nullable(
    Type.String({
      format: 'date-time',
      description: 'The deadline of the planned version for which an exemption counts. Null: it counts now.',
    }),
  ),
})

export const HelpView = named(
  'Help',
  Type.Object(
    {
      password_to: nullable(
        Type.String({ description: 'The address to which a link to a new password can be emailed.' }),
      ),
      invitation_to: nullable(Type.String({ description: 'The address to which the invitation can be sent again.' })),
      policies: Type.Array(HelpablePolicyView, {
        description: 'The policies from which the help desk may exempt the user.',
      }),
      next_exemption_at: nullable(
        Type.String({ format: 'date-time', description: 'From when on an exemption is possible. Null: now.' }),
      ),
    },
    { description: 'What can be done for the user now.' },
  ),
)

export const NewHelpExemption = named(
  'NewHelpExemption',
  Type.Object(
    {
      policy_id: Type.String({ maxLength: 64 }),
      reason: Type.String({ minLength: 1, maxLength: 300, description: 'Recorded in the audit log.' }),
      ends_at: Type.String({ format: 'date-time', description: 'At most 14 days from now.' }),
    },
    {
      additionalProperties: false,
      examples: [{ policy_id: '01990b7a', reason: 'New phone arrives on Monday', ends_at: '2030-09-01T00:00:00Z' }],
    },
  ),
)

/** Returns the JSON form of what can be done for a user. */
export function presentHelp({ password, invitation, policies, nextExemption }: Help): Static<typeof HelpView> {
  return {
    password_to: 'to' in password ? password.to : null,
    invitation_to: invitation !== null && 'to' in invitation ? invitation.to : null,
    policies: policies.map(({ id, name, exemptUntil, countsFrom }) => {
      return { id, name, exempt_until: toRfc3339OrNull(exemptUntil), counts_from: toRfc3339OrNull(countsFrom) }
    }),
    next_exemption_at: toRfc3339OrNull(nextExemption),
  }
}

export function presentPasswordLink({ mailedTo, expiresAt }: MailedPasswordLink): Static<typeof PasswordLinkView> {
  return { mailed_to: mailedTo, expires_at: toRfc3339(expiresAt) }
}
